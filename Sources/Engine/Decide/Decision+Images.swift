import Images
import Pipelines

// Which image is deployed, so that to put it back is to run the very same.
extension Decision {
    /// `registry.example.com/shop@sha256:…`, or the number that an image has on this machine.
    func imageVersion(
        _ image: Template, _ execution: Execution
    ) throws(Refusal) -> String {
        let text = filled(image, execution)
        // A digest alone does not say where the image is, and whoever has made it does.
        let uri = VariableName("uri").map { filled(image.naming($0), execution) } ?? ""
        let named = text.hasPrefix("sha256:") && !uri.isEmpty ? uri : text
        do throws(ImageMistake) {
            // One that is in no registry, by its number at the Engine.
            if named.hasPrefix("sha256:") { return "\(try Digest(parsing: named))" }
            let reference = try Reference(familiar: named)
            guard let digest = reference.digest else {
                throw ImageMistake(
                    "'\(ImageMistake.shown(named))' is not the same image each time",
                    hint: "name it by its digest: '#{ACTION.uri}' of the action that pushed it, "
                        + "'#{SOURCE.uri}' of a source that watches its tag, or 'NAME@sha256:…'")
            }
            return "\(Reference(reference.repository, digest: digest))"
        } catch {
            throw Refusal(.invalid, error.problem, hint: error.hint)
        }
    }

    private func filled(_ template: Template, _ execution: Execution) -> String {
        template.filled { state.value(of: $0, in: $1, for: execution) ?? "" }
    }
}
