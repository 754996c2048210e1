import HTTP
package import JSON

/// One thing that a service of AWS is asked for.
package struct AWSRequest: Sendable {
    package enum Content: Sendable {
        /// JSON 1.1; the target's first part is the service's own name for itself.
        case json(target: String, JSON)
        /// A form, answered in XML.
        case query(version: String, [(name: String, value: String)])
    }

    package let service: AWSService
    package let operation: String
    package let content: Content

    package init(_ service: AWSService, _ operation: String, _ content: Content) {
        self.service = service
        self.operation = operation
        self.content = content
    }

    var type: String {
        switch content {
        case .json: "application/x-amz-json-1.1"
        case .query: "application/x-www-form-urlencoded; charset=utf-8"
        }
    }

    /// What names the operation in a header, where the body does not.
    var target: String? {
        if case .json(let target, _) = content { "\(target).\(operation)" } else { nil }
    }

    var body: [UInt8] {
        switch content {
        case .json(_, let json): Array(json.text.utf8)
        case .query(let version, let fields):
            Array(
                ([("Action", operation), ("Version", version)] + fields)
                    .map { "\($0.0.percentEncoded)=\($0.1.percentEncoded)" }
                    .joined(separator: "&").utf8)
        }
    }
}
