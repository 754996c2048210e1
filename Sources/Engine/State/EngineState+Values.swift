import Images
package import Pipelines

extension EngineState {
    /// What `#{namespace.name}` stands for in an execution; nothing if nobody has set it.
    package func value(
        of name: VariableName, in namespace: String, for execution: Execution
    ) -> String? {
        switch namespace {
        case "variables": return execution.variables[name]
        case "slipway": return execution.fact(name.description)
        default:
            if let revision = execution.revisions.first(where: {
                $0.source.description == namespace
            }) {
                return revision.fact(name.description)
            }
            return execution.outputs[namespace]?[name]
        }
    }
}

extension Execution {
    fileprivate func fact(_ name: String) -> String? {
        switch name {
        case "pipeline": id.pipeline.description
        case "execution": id.description
        case "number": String(id.number)
        case "stage": passage?.visit.stage.description
        default: nil
        }
    }
}

extension Revision {
    fileprivate func fact(_ name: String) -> String? {
        switch version {
        case .commit(let commit): fact(name, of: commit)
        case .image(let image): fact(name, of: image)
        }
    }

    private func fact(_ name: String, of image: PinnedImage) -> String? {
        switch name {
        case "digest": "\(image.digest)"
        case "short": shortID
        case "uri": "\(image)"
        case "repository": "\(image.repository)"
        case "tag": ref
        default: nil
        }
    }

    private func fact(_ name: String, of commit: String) -> String? {
        switch name {
        case "commit": commit
        case "short": shortID
        case "ref": ref
        case "branch": ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : nil
        case "tag": ref.hasPrefix("refs/tags/") ? String(ref.dropFirst(10)) : nil
        case "message": message
        case "author": authors.first
        default: nil
        }
    }
}
