import Engine
import HTTP
import People
import Pipelines

/// What happens, as it happens.
enum EventRoutes {
    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "events"], .somewhere(.look),
            "Follow what happens, as server-sent events; each id is a place on the record.",
            query: [
                QueryParameter(
                    name: "pipeline", about: "Only what happens to this one.",
                    shape: PathParameter.pipeline.shape),
                QueryParameter(
                    name: "after",
                    about: "Begin behind this event; with what happens next if it is left out.",
                    shape: .count),
            ],
            answers: [.bytes("Events without end.", "text/event-stream")], handle: follow)
    ]

    private static func follow(_ call: Call) throws(Problem) -> Deed {
        let text = try call.query("pipeline")
        let only = text.flatMap(PipelineName.init(_:))
        if let text, only == nil || !call.mayLook(at: only) {
            throw .missing("pipeline '\(Report.visible(String(text.prefix(100))))'")
        }
        let asked = try call.whole("after", 0...Int.max)
        let last = call.state.sequence
        let place = try call.lastEvent() ?? asked ?? last
        guard place <= last else {
            throw Problem(
                409, "conflict", "there is no event \(place): the record ends at \(last)",
                hint: "it may have been restored from a backup; begin anew without an id")
        }
        let gatekeeper = call.house.gatekeeper
        let request = call.request
        let audience = Audience {
            guard let caller = try? gatekeeper.caller(of: request), caller.maySomewhere(.look)
            else {
                return nil
            }
            return { line in
                (only == nil || line.pipeline == only)
                    && caller.may(line.permission, on: line.pipeline)
            }
        }
        let stream = EventStream(after: place, for: audience, in: call.house, call.clerks)
        return .answer(Response(200, .events, stream: stream))
    }
}
