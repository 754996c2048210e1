import Deployment
import Images
import Pipelines

extension Decision {
    /// What AWS is to run; nothing for an environment of this machine.
    func handover(
        of deploy: Deploy, to environment: Environment, _ execution: Execution
    ) throws(Refusal) -> Handover? {
        guard let rule = environment.ecs else { return nil }
        let text = deploy.image?.filled { state.value(of: $0, in: $1, for: execution) ?? "" } ?? ""
        let image: PinnedImage
        do throws(ImageMistake) {
            image = try PinnedImage(parsing: text)
        } catch {
            throw Refusal(
                .invalid, "environment '\(environment.name)' runs an image: \(error.problem)",
                hint: "write 'image: \"#{ACTION.uri}\"' with the action that pushed it")
        }
        var templates: String?
        if let name = deploy.templatesFrom?.value { templates = try digest(of: name, execution) }
        return Handover(rule, image: "\(image)", templates: templates)
    }
}
