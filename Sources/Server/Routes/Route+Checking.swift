import HTTP
import Pipelines

extension Route {
    /// Whether a request is one that the handler can read.
    func check(_ request: Request) throws(Problem) {
        for field in request.query where !query.contains(where: { $0.name == field.name }) {
            let known = query.map { "'\($0.name)'" }.joined(separator: ", ")
            throw Problem(
                400, "query",
                "'\(Report.visible(String(field.name.prefix(100))))' is not known in this query",
                hint: known.isEmpty ? "it takes none" : "there are \(known)")
        }
        guard let body else { return }
        guard request.body.count <= body.maximumBytes else {
            throw Problem(
                413, "body", "the body has \(request.body.count) bytes",
                hint: "send \(body.maximumBytes) at most")
        }
        if request.body.isEmpty {
            guard body.isRequired else { return }
            throw Problem(400, "body", "the body is empty", hint: "send what is to be done")
        }
        guard body.takes(request.headers["Content-Type"]) else {
            throw Problem(
                415, "body", "this is read as \(body.types.joined(separator: " or ")) alone",
                hint: "send 'Content-Type: \(body.types[0])'")
        }
    }
}

extension BodyForm {
    fileprivate func takes(_ header: String?) -> Bool {
        if types == [Self.anyType] { return true }
        let parts = (header ?? "").lowercased().split(separator: ";").map { part in
            part.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
        }
        guard let type = parts.first, types.contains(type) else { return false }
        return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }
}
