import Conductor
import Deployment
import Engine
import HTTP
import People
import Pipelines

/// What is in one environment, wanted in another.
enum PromotionRoutes {
    static let all = [
        Route(
            .post, ["api", "v1", "environments", .parameter(.environment), "promotion"],
            .environment(.release),
            "Start an execution that deploys there just what is in another environment.",
            query: [
                QueryParameter(
                    name: "dry-run", about: "Only tell what would be done.", shape: .truth)
            ],
            body: Wish.shape.form,
            answers: [.json("What is done, or would be.", ShownPromotion.view)], handle: promote)
    ]

    private static func promote(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Wish.shape)
        let name = try call.environment().name
        guard let source = call.state.environment(wish.from), call.mayLook(at: source.owner) else {
            throw .missing("environment '\(wish.from)'")
        }
        let by = try call.person(in: name)
        let command = Command.promote(name, from: wish.from, release: wish.release)
        let plan: ShownPromotion
        do throws(Refusal) {
            plan = try ShownPromotion(to: name, from: wish.from, command, by: by, in: call)
        } catch {
            throw Problem(error)
        }
        guard try !call.truth("dry-run") else { return .json(ShownPromotion.view, plan) }
        return .submit(Message(command, by: by)) { done in
            .json(ShownPromotion.view, plan.done(by: done.execution))
        }
    }

    private struct Wish {
        let from: EnvironmentName
        let release: ReleaseID?

        static let shape = BodyShape<Wish>("EnvironmentPromotion", "What to promote.") { members in
            let from: EnvironmentName? = members.parsed(
                "from", "The environment that it is in.", .text(atMost: 100, atLeast: 1),
                "the name of an environment"
            ) { EnvironmentName($0) }
            let release = members.release(
                "release", "What you were shown there: if it has changed, nothing happens.")
            guard let from, let release else { return nil }
            return Wish(from: from, release: release)
        }
    }
}
