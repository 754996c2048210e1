import Curl
import HTTP

/// A service of AWS, by the names it goes by.
package struct AWSService: Hashable, Sendable {
    /// What is signed for.
    let name: String
    /// The first word of its host.
    let host: String
    /// Its own word in `AWS_ENDPOINT_URL_…`, which is in the files its key in small letters.
    let word: String

    package init(name: String, host: String, word: String) {
        self.name = name
        self.host = host
        self.word = word
    }

    static let tokens = AWSService(name: "sts", host: "sts", word: "STS")
}

/// The parts that AWS's world is in, each with its own names.
package enum Partition {
    private static let suffixes = [
        ("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu"), ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"), ("us-iso-", "c2s.ic.gov"), ("eu-isoe-", "cloud.adc-e.uk"),
    ]

    /// What the names of a region's hosts end in.
    package static func suffix(of region: String) -> String {
        suffixes.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }
}

extension AWSSettings {
    /// Where a service is asked: what somebody has put in its place, or AWS's own host.
    package func endpoint(of service: AWSService, in region: String) throws(AWSProblem) -> String {
        guard region.isNameOfRegion else {
            throw AWSProblem(
                .settings, "'\(region.prefix(40))' is no name of a region",
                hint: "use small letters, digits and '-', such as 'eu-west-1'")
        }
        if let (text, place) = replacement(of: service) {
            return try Self.checked(text, named: place)
        }
        let isDual = value("AWS_USE_DUALSTACK_ENDPOINT", key: "use_dualstack_endpoint")
        guard isDual?.lowercased() != "true" else {
            throw AWSProblem(
                .settings, "dual-stack endpoints are asked for, and none are known here",
                hint: "name the one to use in AWS_ENDPOINT_URL_\(service.word)")
        }
        let isFIPS = value("AWS_USE_FIPS_ENDPOINT", key: "use_fips_endpoint")?.lowercased()
        let host = isFIPS == "true" ? "\(service.host)-fips" : service.host
        return "https://\(host).\(region).\(Partition.suffix(of: region))"
    }

    private func replacement(of service: AWSService) -> (text: String, place: String)? {
        let key = "ignore_configured_endpoint_urls"
        let isOff = value("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", key: key)?.lowercased() == "true"
        guard !isOff else { return nil }
        for variable in ["AWS_ENDPOINT_URL_\(service.word)", "AWS_ENDPOINT_URL"] {
            if let text = environment[variable] { return (text, variable) }
        }
        let word = service.word.lowercased()
        let inFile = profiles.endpoint(of: word, for: profile) ?? profile.values["endpoint_url"]
        return inFile.map { ($0, "endpoint_url of profile '\(name)'") }
    }

    /// What the header `Host` says, and the path of what is asked.
    static func parts(of endpoint: String) -> (host: String, path: String) {
        let rest = endpoint.firstRange(of: "://").map { endpoint[$0.upperBound...] } ?? ""
        let host = rest.prefix { $0 != "/" }
        return (String(host), rest.dropFirst(host.count) + "/")
    }

    /// Passwords come back by this way, so it is closed to others.
    private static func checked(_ text: String, named place: String) throws(AWSProblem) -> String {
        let url = text.hasSuffix("/") ? String(text.dropLast()) : text
        let path = parts(of: url).path.split(separator: "/").map(String.init)
        guard path.allSatisfy({ $0.percentEncoded == $0 && $0 != "." && $0 != ".." }) else {
            throw AWSProblem(
                .settings, "\(place) has a path or a query that cannot be signed as it is",
                hint: "use a path of letters, digits, '-', '.', '_' and '~', or none")
        }
        let isPlain = url.lowercased().hasPrefix("http://")
        guard url.lowercased().hasPrefix("https://") || isPlain && url.hostIsLoopback else {
            throw AWSProblem(
                .settings, "\(place) is \(Call.origin(of: url)), where everybody could read along",
                hint: "use 'https:'; 'http:' is taken for addresses of this machine itself")
        }
        return url
    }
}

extension String {
    package var isNameOfRegion: Bool {
        !isEmpty && utf8.count <= 40
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
