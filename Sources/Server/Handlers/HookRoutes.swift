import HTTP
import Pipelines
import Webhooks

/// What forges tell. They bring no token: each delivery is signed.
enum HookRoutes {
    static let all: [Route] = [
        Route(
            .post, ["api", "v1", "sources", .parameter(.source), "hook", .parameter(.forge)],
            .anybody, "Tell, as a forge does and signed, that somebody has pushed.",
            body: BodyForm(
                types: [BodyForm.anyType], shape: .text, name: nil, isRequired: true,
                maximumBytes: Webhook.maximumBody),
            answers: [
                .nothing(200, "It was here before, and changes nothing."),
                .nothing(202, "Somebody looks."),
                .nothing(204, "There is nothing to look at: it was a ping, say."),
                .problem(401, "It is not signed as it has to be, or there is no such source."),
            ], handle: take)
    ]

    private static func take(_ call: Call) throws(Problem) -> Deed {
        let delivery = Delivery(
            to: try call.path(\.source), from: try call.path(\.forge),
            headers: call.request.headers.fields, body: call.request.body)
        let hooks = call.house.hooks
        return .wait {
            do throws(HookRefusal) {
                let kind = try hooks.take(delivery)
                return .answer(Response(kind == .push ? 202 : 204))
            } catch {
                guard error != .replayed else { return .answer(Response(200)) }
                throw Problem.unsigned
            }
        }
    }
}

extension Problem {
    /// The same whatever is wrong, and for a source that there is none of.
    fileprivate static let unsigned: Problem = {
        var problem = Problem(
            401, "unsigned", "this delivery is not signed as it has to be",
            hint: "whoever hosts this server finds the reason in its log")
        problem.headers.add("WWW-Authenticate", "Signature")
        return problem
    }()
}
