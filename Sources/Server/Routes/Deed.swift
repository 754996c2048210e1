import Conductor
import Engine
import HTTP
import JSON
import Store

/// What a handler wants done. It does nothing itself, so that it can be asked anything in a test.
enum Deed {
    case answer(Response)
    /// Has the house decide it, and makes an answer of what it says.
    case submit(Message, then: @Sendable (Reply.Done) throws(Problem) -> Response)
    /// Reads what has been, on a thread that may wait for the disk, and goes on from there.
    case look(@Sendable (borrowing Archive) throws -> Deed)
    /// The same for what needs no record: a repository, a file.
    case wait(@Sendable () throws -> Deed)
    /// The same for what takes long, so that nothing short waits behind it.
    case labour(@Sendable () throws -> Deed)

    static func json<Subject>(
        _ view: View<Subject>, _ subject: Subject, status: Int = 200, _ headers: Headers = [:]
    ) -> Deed {
        .answer(.json(view, subject, status: status, headers))
    }
}

extension Reply {
    /// What was done, where it was.
    struct Done: Hashable, Sendable {
        let execution: ExecutionID?
        let sequence: Int
    }
}

extension Response {
    static func json<Subject>(
        _ view: View<Subject>, _ subject: Subject, status: Int = 200, _ headers: Headers = [:]
    ) -> Response {
        var all: Headers = ["Content-Type": "application/json"]
        for field in headers.fields { all.add(field.name, field.value) }
        return Response(status, all, Array(view.json(subject).text.utf8))
    }

    static func text(_ status: Int, _ type: String, _ text: String) -> Response {
        Response(status, ["Content-Type": type], Array(text.utf8))
    }
}
