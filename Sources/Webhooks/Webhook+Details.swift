package import JSON

/// What the body of a delivery says. It is for people, and for choosing where to look first;
/// nothing is decided by it.
package struct HookDetails: Hashable, Sendable {
    /// `refs/heads/main`, if it was one.
    package let ref: String?
    /// Where the ref is now, if it was not deleted.
    package let commit: String?
    /// The name by which the forge knows whoever pushed.
    package let pusher: String?
    /// Addresses of the repository, as one could clone it from.
    package let addresses: [String]
}

extension Webhook {
    /// Texts longer than this are left out.
    private static var longest: Int { 1_000 }

    package func details(in body: JSON) -> HookDetails {
        let repository = forge == .gitlab ? ["project"] : ["repository"]
        let ref: String? =
            switch forge {
            case .bitbucket: bitbucketRef(body)
            default: body.text(at: ["ref"])
            }
        let pusher: String? =
            switch forge {
            case .github: body.text(at: ["pusher", "name"]) ?? body.text(at: ["sender", "login"])
            case .gitea, .forgejo:
                body.text(at: ["pusher", "login"]) ?? body.text(at: ["pusher", "username"])
            case .gitlab: body.text(at: ["user_username"])
            case .bitbucket:
                body.text(at: ["actor", "nickname"]) ?? body.text(at: ["actor", "name"])
            }
        return HookDetails(
            ref: kind == .push ? ref.flatMap(Self.bounded) : nil,
            commit: kind == .push ? commit(body).flatMap(Self.bounded) : nil,
            pusher: pusher.flatMap(Self.bounded),
            addresses: addresses(body, below: repository).compactMap(Self.bounded))
    }

    private func addresses(_ body: JSON, below path: [String]) -> [String] {
        let keys =
            switch forge {
            case .github, .gitea, .forgejo: ["clone_url", "ssh_url", "git_url"]
            case .gitlab: ["git_http_url", "git_ssh_url"]
            case .bitbucket: [String]()
            }
        if forge != .bitbucket { return keys.compactMap { body.text(at: path + [$0]) } }
        if let page = body.text(at: path + ["links", "html", "href"]) { return [page] }
        // Bitbucket Data Center lists the ways to clone.
        return body.list(at: path + ["links", "clone"]).compactMap { $0.text(at: ["href"]) }
    }

    private func commit(_ body: JSON) -> String? {
        guard forge == .bitbucket else { return body.text(at: ["after"]) }
        if let change = body.list(at: ["changes"]).first { return change.text(at: ["toHash"]) }
        return body.list(at: ["push", "changes"]).first?.text(at: ["new", "target", "hash"])
    }

    private func bitbucketRef(_ body: JSON) -> String? {
        if let change = body.list(at: ["changes"]).first { return change.text(at: ["ref", "id"]) }
        guard let change = body.list(at: ["push", "changes"]).first else { return nil }
        // A branch that was deleted has no new state.
        for state in ["new", "old"] {
            guard let name = change.text(at: [state, "name"]) else { continue }
            let isTag = change.text(at: [state, "type"]) == "tag"
            return "refs/\(isTag ? "tags" : "heads")/\(name)"
        }
        return nil
    }

    private static func bounded(_ text: String) -> String? {
        1...longest ~= text.utf8.count ? text : nil
    }
}

extension JSON {
    fileprivate func member(_ key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    fileprivate func value(at path: [String]) -> JSON? {
        path.reduce(self) { value, key in value?.member(key) }
    }

    fileprivate func text(at path: [String]) -> String? {
        if case .string(let text)? = value(at: path) { text } else { nil }
    }

    fileprivate func list(at path: [String]) -> [JSON] {
        if case .array(let elements)? = value(at: path) { elements } else { [] }
    }
}
