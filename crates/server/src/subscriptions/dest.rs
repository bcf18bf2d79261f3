//! Where a subscriber wants its events: an address of the public internet, and nothing behind our own doors. The name is
//! looked up by us, every address that it has is judged, and the connection goes to the very address that was judged, so that
//! a name which changes its mind in between leads nowhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;
use axum::http::uri::{PathAndQuery, Scheme};

/// Longest address that is taken.
const LONGEST: usize = 2_000;
/// Ports below are those of other services, 80 and 443 apart.
const FIRST_FREE_PORT: u16 = 1_024;

/// A subscriber's address, read and sound by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dest {
    pub secure: bool,
    /// As it stands in the URL; an IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
    pub path: PathAndQuery,
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Not an absolute `http` or `https` URL.
    Url,
    /// Names or passwords do not belong in an address that is kept and shown.
    UserInfo,
    Port,
    /// Not an address of the public internet.
    Private,
}

impl Dest {
    /// Reads an address; one that names a forbidden IP is refused here already.
    pub fn parse(text: &str, to_loopback: bool) -> Result<Dest, Unfit> {
        // `Uri` would pass over a fragment in silence, and white space is never meant.
        if text.len() > LONGEST || text.contains(['#', ' ', '\\']) {
            return Err(Unfit::Url);
        }
        let uri: Uri = text.parse().map_err(|_| Unfit::Url)?;
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(Unfit::Url),
        };
        let authority = uri.authority().ok_or(Unfit::Url)?;
        if authority.as_str().contains('@') {
            return Err(Unfit::UserInfo);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let ip: Option<IpAddr> = host.parse().ok();
        let named = !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        if ip.is_none() && !named {
            return Err(Unfit::Url);
        }
        // A port that is no number is not the absence of one.
        let port = match authority.as_str().strip_prefix(authority.host()) {
            None | Some("") => {
                if secure {
                    443
                } else {
                    80
                }
            }
            Some(_) => authority.port_u16().ok_or(Unfit::Port)?,
        };
        if port == 0 || (port < FIRST_FREE_PORT && ![80, 443].contains(&port)) {
            return Err(Unfit::Port);
        }
        if ip.is_some_and(|ip| !is_allowed(ip, to_loopback)) {
            return Err(Unfit::Private);
        }
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Ok(Dest { secure, host, port, path })
    }

    /// The addresses of the host, if every one of them may be called.
    pub async fn resolve(
        &self,
        to_loopback: bool,
    ) -> std::io::Result<Result<Vec<SocketAddr>, Unfit>> {
        let found: Vec<SocketAddr> =
            tokio::net::lookup_host((self.host.as_str(), self.port)).await?.collect();
        Ok(judge(found, to_loopback))
    }

    /// What the `Host` header says.
    pub fn host_header(&self) -> String {
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

/// One forbidden address forbids the name: whoever mixes them wants the forbidden one.
fn judge(found: Vec<SocketAddr>, to_loopback: bool) -> Result<Vec<SocketAddr>, Unfit> {
    let fit = !found.is_empty() && found.iter().all(|one| is_allowed(one.ip(), to_loopback));
    if fit { Ok(found) } else { Err(Unfit::Private) }
}

/// Whether an address may be called: public unicast, or loopback where the operator permits it.
pub fn is_allowed(ip: IpAddr, to_loopback: bool) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip) || to_loopback && ip.is_loopback(),
        IpAddr::V6(ip) => is_public_v6(ip) || to_loopback && ip.is_loopback(),
    }
}

/// All but what IANA's registry of special-purpose IPv4 addresses keeps from the internet.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // Carriers' own (RFC 6598), and private.
        [100, b, ..] => b & 0xC0 == 64,
        [172, b, ..] => b & 0xF0 == 16,
        // This network, private, loopback, link-local, multicast and what was never given out; protocol assignments, 6to4
        // relays, benchmarks and documentation.
        [0 | 10 | 127 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 168, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

/// Global unicast (2000::/3) without the parts that lead elsewhere or nowhere. Forms that carry an IPv4 address (mapped,
/// compatible, NAT64, 6to4, Teredo) are refused whatever they carry: nobody is reached by them alone.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let global = first & 0xE000 == 0x2000;
    let special = match first {
        // 2001::/23 protocol assignments with Teredo, 2001:db8::/32 documentation.
        0x2001 => second < 0x0200 || second == 0x0DB8,
        // 6to4.
        0x2002 => true,
        // Documentation, 3fff::/20.
        0x3FFF => second < 0x1000,
        _ => false,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called() {
        let refused = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.0.1 169.254.169.254 \
            172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 \
            203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 \
            :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::8.8.8.8 64:ff9b::a00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 \
            2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff:1::1 \
            fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1 5f00::1 4000::1";
        let allowed = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.1.1.1 128.0.0.1 172.15.255.255 172.32.0.1 \
            192.0.1.1 192.167.1.1 198.17.1.1 198.20.1.1 203.0.112.1 223.255.255.255 2001:200::1 2404:6800:4003::1 2606:4700::1111 3ffe::1 3fff:1000::1";
        for (list, wanted) in [(refused, false), (allowed, true)] {
            for text in list.split_whitespace() {
                let ip: IpAddr = text.parse().expect(text);
                assert_eq!(is_allowed(ip, false), wanted, "{text}");
                assert_eq!(
                    is_allowed(ip, true),
                    wanted || ip.is_loopback(),
                    "{text} with loopback"
                );
            }
        }
    }

    #[test]
    fn an_address_says_where_and_nothing_about_whom() {
        let good = |text: &str| Dest::parse(text, false).expect(text);
        let dest = good("https://client.example.com/queryCallback?a=b");
        assert_eq!((dest.secure, dest.port, dest.path.as_str()), (true, 443, "/queryCallback?a=b"));
        assert_eq!(dest.host_header(), "client.example.com");
        assert_eq!(good("http://client.example.com:8080").host_header(), "client.example.com:8080");
        assert_eq!(good("http://[2606:4700::1111]:8080/x").host_header(), "[2606:4700::1111]:8080");
        for (text, why) in [
            ("", Unfit::Url),
            ("client.example.com", Unfit::Url),
            ("/queryCallback", Unfit::Url),
            ("ftp://client.example.com/", Unfit::Url),
            ("file:///etc/passwd", Unfit::Url),
            ("gopher://client.example.com/", Unfit::Url),
            ("https://", Unfit::Url),
            ("https://a b/", Unfit::Url),
            ("https://client.example.com/#x", Unfit::Url),
            ("https://máy.example/", Unfit::Url),
            ("https://user@client.example.com/", Unfit::UserInfo),
            ("https://user:word@client.example.com/", Unfit::UserInfo),
            ("https://8.8.8.8@127.0.0.1/", Unfit::UserInfo),
            ("https://client.example.com:22/", Unfit::Port),
            ("https://client.example.com:0/", Unfit::Port),
            ("https://client.example.com:/", Unfit::Port),
            ("https://client.example.com:70000/", Unfit::Port),
            ("http://127.0.0.1/", Unfit::Private),
            ("http://[::1]:8080/", Unfit::Private),
            ("http://[::ffff:127.0.0.1]/", Unfit::Private),
            ("http://169.254.169.254/latest/meta-data/", Unfit::Private),
        ] {
            assert_eq!(Dest::parse(text, false), Err(why), "{text}");
        }
        assert!(Dest::parse("http://127.0.0.1:8080/", true).is_ok());
        assert_eq!(Dest::parse("http://10.0.0.1:8080/", true), Err(Unfit::Private));
    }

    #[test]
    fn a_name_with_one_forbidden_address_is_forbidden() {
        let at = |text: &str| SocketAddr::new(text.parse().expect("an address"), 443);
        assert!(judge(vec![at("8.8.8.8"), at("2606:4700::1111")], false).is_ok());
        assert_eq!(judge(vec![at("8.8.8.8"), at("127.0.0.1")], false), Err(Unfit::Private));
        assert_eq!(judge(vec![at("8.8.8.8"), at("::ffff:10.0.0.1")], true), Err(Unfit::Private));
        assert_eq!(judge(Vec::new(), false), Err(Unfit::Private));
    }

    #[tokio::test]
    async fn numbers_in_disguise_are_judged_by_what_they_resolve_to() {
        for text in [
            "http://2130706433/",
            "http://127.1/",
            "http://0x7f000001/",
            "http://localhost/",
            "http://0177.0.0.1/",
        ] {
            let dest = Dest::parse(text, false).expect(text);
            // A resolver may also know no such name.
            if let Ok(judged) = dest.resolve(false).await {
                assert_eq!(judged, Err(Unfit::Private), "{text}");
            }
        }
    }
}
