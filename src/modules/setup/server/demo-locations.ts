import type { NewLocation } from '#modules/locations/server/index.ts';

/** Where the demo fleet is counted: cities of its two countries, with their real districts and positions. */
export const demoLocations: readonly NewLocation[] = [
	india('Surat', 'Surat', 'Gujarat', 'West', 21.1702, 72.8311),
	india('Ahmedabad', 'Ahmedabad', 'Gujarat', 'West', 23.0225, 72.5714),
	india('Pune', 'Pune', 'Maharashtra', 'West', 18.5204, 73.8567),
	india('Mumbai', 'Mumbai City', 'Maharashtra', 'West', 19.076, 72.8777),
	india('Nagpur', 'Nagpur', 'Maharashtra', 'West', 21.1458, 79.0882),
	india('Chennai', 'Chennai', 'Tamil Nadu', 'South', 13.0827, 80.2707),
	india('Coimbatore', 'Coimbatore', 'Tamil Nadu', 'South', 11.0168, 76.9558),
	india('Bengaluru', 'Bengaluru Urban', 'Karnataka', 'South', 12.9716, 77.5946),
	india('Hyderabad', 'Hyderabad', 'Telangana', 'South', 17.385, 78.4867),
	india('New Delhi', 'New Delhi', 'Delhi', 'North', 28.6139, 77.209),
	india('Jaipur', 'Jaipur', 'Rajasthan', 'North', 26.9124, 75.7873),
	india('Kolkata', 'Kolkata', 'West Bengal', 'East', 22.5726, 88.3639),
	morocco('Rabat', 'Rabat', 'Rabat-Salé-Kénitra', 34.0209, -6.8416),
	morocco('Salé', 'Salé', 'Rabat-Salé-Kénitra', 34.0531, -6.7985),
	morocco('Kénitra', 'Kénitra', 'Rabat-Salé-Kénitra', 34.261, -6.5802),
	morocco('Casablanca', 'Casablanca', 'Casablanca-Settat', 33.5731, -7.5898),
	morocco('Marrakech', 'Marrakech', 'Marrakech-Safi', 31.6295, -7.9811),
];

function india(
	city: string,
	district: string,
	state: string,
	zone: string,
	lat: number,
	lon: number,
): NewLocation {
	return { city, district, state, country: 'IN', zone, lat, lon };
}

function morocco(
	city: string,
	district: string,
	state: string,
	lat: number,
	lon: number,
): NewLocation {
	return { city, district, state, country: 'MA', zone: null, lat, lon };
}
