import Cryptography
import HTTP

/// Proves whose a request is (Signature Version 4), over all of its headers and its body.
///
/// libcurl could do it, but only for the time that this machine's clock shows: given the header
/// `X-Amz-Date`, that of Debian 12 (7.88) sends it twice, and whoever checks signatures refuses
/// that. A wrong clock could not be corrected.
struct Signing {
    private static let scheme = "AWS4-HMAC-SHA256"

    let credentials: Credentials
    let region: String
    let service: String
    /// In seconds since 1970.
    let time: Int

    /// The headers of a POST to a path that needs no escapes, with those that prove it.
    func headers(signing headers: Headers, path: String, body: [UInt8]) -> Headers {
        let moment = SignedTime.text(time)
        var headers = headers
        headers.add("X-Amz-Date", moment)
        if let token = credentials.token { headers.add("X-Amz-Security-Token", token.reveal()) }
        let signed = headers.fields.map { (name: $0.name.lowercased(), value: $0.value) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let request =
            (["POST", path, ""] + signed.map { "\($0.name):\($0.value)" }
            + ["", names, SHA256.hex(of: body)]).joined(separator: "\n")
        let day = String(moment.prefix { $0 != "T" })
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = [Self.scheme, moment, scope, SHA256.hex(of: Array(request.utf8))]
        let proof = Hex.text(of: code(key(for: day), text.joined(separator: "\n")))
        headers.add(
            "Authorization",
            "\(Self.scheme) Credential=\(credentials.key)/\(scope), SignedHeaders=\(names), "
                + "Signature=\(proof)")
        return headers
    }

    /// One that is good for this day, region and service alone.
    private func key(for day: String) -> [UInt8] {
        [day, region, service, "aws4_request"]
            .reduce(Array("AWS4\(credentials.secret.reveal())".utf8), code)
    }

    private func code(_ key: [UInt8], _ text: String) -> [UInt8] {
        HMAC.sha256(Array(text.utf8), key: key)
    }
}
