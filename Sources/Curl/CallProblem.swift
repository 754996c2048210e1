import CCurl

/// Why there is no answer, or not all of it.
package struct CallProblem: Error, Hashable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// It cannot be sent as it is.
        case malformed
        /// The name leads nowhere, or nobody listens there.
        case unreachable
        /// The policy of addresses does not let it be spoken with.
        case refusedAddress
        /// Its certificate proves nothing.
        case untrusted
        case tooLong
        /// The file with its body cannot be read, or has become shorter.
        case unreadBody
        case timedOut
        /// It ended before its end, or was no HTTP.
        case broken
        /// libcurl has no memory, say.
        case system
    }

    package let kind: Kind
    /// What is wrong in libcurl's own few words, or ours.
    package let description: String
    /// What libcurl knows besides: host, port, reason. It can name the URL's host, and no secret.
    package let detail: String

    init(_ kind: Kind, _ description: String, detail: String = "") {
        self.kind = kind
        self.description = description
        self.detail = detail.isEmpty ? description : detail
    }

    init(code: CURLcode, detail: String) {
        let kind: Kind =
            switch code {
            case CURLE_URL_MALFORMAT: .malformed
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
                .unreachable
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: .untrusted
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .system
            default: .broken
            }
        self.init(kind, unsafe String(cString: slipway_curl_easy_strerror(code)), detail: detail)
    }

    package var hint: String {
        switch kind {
        case .malformed: "write the address as in 'https://example.org/path'"
        case .unreachable: "check the name and the port, and that the server runs"
        case .refusedAddress: "allow the address in the server's configuration if it is meant"
        case .untrusted: "name the file of the authority that signed its certificate"
        case .unreadBody: "look at the file and the disk, and let nothing write there meanwhile"
        case .tooLong: "ask for less of it"
        case .timedOut: "try again, or look why the server takes so long"
        case .broken: "try again; look at the server's log if it happens again"
        case .system: "look whether this machine has libcurl, memory and open files left"
        }
    }
}
