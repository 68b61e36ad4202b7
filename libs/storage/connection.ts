/** The parts of a database URL as the driver wants them. Any `sslmode` but `disable` means TLS with a verified certificate. */
export function connectionOf(url: string) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: searchParams.get('host') ?? hostname,
    port: Number(searchParams.get('port') ?? (port || 5432)),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: (searchParams.get('sslmode') ?? 'disable') !== 'disable',
  };
}
