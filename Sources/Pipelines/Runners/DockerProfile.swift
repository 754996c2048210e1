import YAML

/// What a runner of containers has besides: where its engine is, and which images it runs.
package struct DockerProfile: Hashable, Sendable {
    /// When an image is fetched.
    package enum Pull: String, Hashable, Sendable, CaseIterable {
        case never, missing, always
    }

    package static let standardSocket = "/var/run/docker.sock"

    package let socket: String
    /// For actions that name none.
    package let image: ImageReference?
    /// Which images actions may name; none means any.
    package let images: [Glob]
    package let pull: Pull
    /// Whether nobody has written it, so that there may be no engine at all.
    package let isAssumed: Bool

    package init(
        socket: String = standardSocket, image: ImageReference? = nil, images: [Glob] = [],
        pull: Pull = .missing, isAssumed: Bool = false
    ) {
        self.isAssumed = isAssumed
        self.socket = socket
        self.image = image
        self.images = images
        self.pull = pull
    }
}

extension DockerProfile {
    private enum KindWord: String, Sendable, CaseIterable {
        case process, docker
    }

    /// What kind of runner the keys tell of.
    static func kind(_ keys: inout Keys, _ name: RunnerName?) -> RunnerProfile.Kind {
        let kind = keys.optional(
            "kind", Shape<KindWord>.word("kind"),
            about: "a sandbox of this machine, or a container for each action")
        let socket = keys.optional("socket", .socket, about: "where the Docker Engine listens")
        let image = keys.optional(
            "image", .imageReference, about: "for actions that name no image")
        let images = keys.optional(
            "images", .oneOrMany(.glob), about: "which images actions may name")
        let pull = keys.optional(
            "pull", Shape<Pull>.word("policy"), about: "when an image is fetched")
        guard kind == .docker else {
            for key in ["socket", "image", "images", "pull"] where keys.has(key) {
                keys.findings.error(
                    at: keys.keyPlace(of: key), "a runner of kind 'process' has no '\(key)'",
                    hint: "add 'kind: docker', or remove it")
            }
            return .process
        }
        if name == .process {
            keys.findings.error(
                at: keys.place(of: "name"), "'process' is the name of this machine's own sandbox",
                hint: "call a runner of kind 'docker' something else, such as 'docker'")
        }
        return .docker(
            DockerProfile(
                socket: socket ?? standardSocket, image: image, images: images ?? [],
                pull: pull ?? .missing))
    }
}

extension DockerProfile {
    /// The image an action is given: what it asks for, if that is allowed.
    package func image(asked: String?, of runner: RunnerName) throws(RunnerRefusal) -> String {
        guard let asked else {
            if let image { return image.description }
            throw RunnerRefusal(
                "runner '\(runner)' runs actions in containers and this one names no image; add "
                    + "'image: debian:12' to the action, or a default to the runner's profile")
        }
        do throws(Mistake) {
            _ = try ImageReference(parsing: asked)
        } catch {
            throw RunnerRefusal(error.problem)
        }
        try check(asked, of: runner)
        return asked
    }

    /// Whether the profile allows an image, also one that has a number and no name.
    package func check(_ image: String, of runner: RunnerName) throws(RunnerRefusal) {
        guard images.admit(image) else {
            throw RunnerRefusal(
                "runner '\(runner)' does not allow image '\(image)', only "
                    + "\(oneOf(images.map(\.text))); its profile can say so under 'images'")
        }
    }
}

extension Shape where Value == ImageReference {
    fileprivate static var imageReference: Shape {
        .text("an image such as 'debian:12'") { text throws(Mistake) in
            try ImageReference(parsing: text)
        }
    }
}

extension Shape where Value == String {
    fileprivate static var socket: Shape {
        .text("the path of a socket") { text throws(Mistake) in
            // What the kernel takes; longer ones are cut off by some programs.
            guard text.hasPrefix("/"), text.utf8.count <= 107 else {
                throw Mistake(
                    "'\(text)' is no path of a socket",
                    hint: "write it from the root of the machine, in at most 107 letters, such as "
                        + "'\(DockerProfile.standardSocket)'")
            }
            return text
        }
    }
}
