/** Signs in at a running product. @returns the session's cookie as `name=value` */
export async function signIn(url: string, email: string, password: string): Promise<string> {
	const answer = await fetch(new URL('/api/auth/sign-in/email', url), {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: url },
		body: JSON.stringify({ email, password }),
	});
	const [cookie] = answer.headers.getSetCookie();
	if (!answer.ok || cookie === undefined)
		throw new Error(`The sign-in of ${email} answered ${answer.status}: ${await answer.text()}`);
	return cookie.split(';')[0] ?? '';
}
