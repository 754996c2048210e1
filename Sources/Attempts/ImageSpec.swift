/// What an attempt whose work is an image needs to know besides: where it comes from, what it is
/// called, and how the registry is reached. Passwords are not in it: they arrive with the errand.
package struct ImageSpec: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case build(ImageBuildSpec)
        /// A file or folder in the workspace; all of it if nothing is said.
        case archive(path: String?)
    }

    package struct Setting: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var content: Content
    package var labels: [Setting] = []
    /// Its host first.
    package var repository: String
    package var tags: [String] = []
    package var container: String?
    /// The least severity, in the registry's words, that makes it fail.
    package var failOn: String?
    /// Seconds since 1970.
    package var committedAt: Int?
    package var registry = RegistrySpec()
    /// A file that tells what layers are called when they are compressed.
    package var memory: String?
    /// Where in the workspace it writes what it tells to those who come after; nothing if nobody
    /// asked.
    package var outputs: String?

    package var build: ImageBuildSpec? {
        if case .build(let build) = content { build } else { nil }
    }

    package init(_ content: Content, repository: String) {
        self.content = content
        self.repository = repository
    }
}

/// What is built, and by whom.
package struct ImageBuildSpec: Hashable, Sendable {
    package enum Builder: Hashable, Sendable {
        /// A Docker Engine, at this socket. What a build leaves there if it is killed is found by
        /// the house that it is of.
        case engine(socket: String, house: String)
        /// The program of that name, in the attempt's own sandbox.
        case buildah
    }

    package var builder: Builder
    package var folder: String?
    package var dockerfile: String
    package var target: String?
    package var arguments: [ImageSpec.Setting] = []
    package var platforms: [String] = []
    package var cacheFrom: [String] = []
    package var cacheTo: String?
    /// What is fetched before anything is run, by whoever runs it.
    package var bases: [ImageBaseSpec] = []
    /// What its stages are for, where not all are for what is built.
    package var stages: [ImageStageSpec] = []
    /// Where the house keeps blobs of such images; a folder that can be lost at any time.
    package var baseMemory: String?
    /// Where a build finds what earlier ones of its kind have left; nothing if it is to leave
    /// nothing.
    package var cache: BuildCacheSpec?

    /// Somebody has said what it is for; else an image that says it is for others is as good.
    package var isForPlatforms: Bool { !platforms.isEmpty || !stages.isEmpty }

    package init(by builder: Builder, dockerfile: String) {
        self.builder = builder
        self.dockerfile = dockerfile
    }
}

/// A place in the house for what builds of one kind leave for the next.
package struct BuildCacheSpec: Hashable, Sendable {
    package let shelf: String
    /// What all kinds together may take, in bytes.
    package let room: Int
    /// Of the kind; whoever has another has another place.
    package let name: [String]

    package init(shelf: String, room: Int, name: [String]) {
        self.shelf = shelf
        self.room = room
        self.name = name
    }
}

/// An image of a registry that a Dockerfile names.
package struct ImageBaseSpec: Hashable, Sendable {
    /// With its host.
    package let reference: String
    package let platform: String
    /// The places, from 0 on, of those among the build's platforms for which it is named; 0 where
    /// the build is for this machine.
    package var targets = [0]
    package var registry = RegistrySpec()
    /// By what name the `user:password` for it is handed over; nothing where there is none.
    package var credential: String?
    /// It may be at any address, as somebody who hosts the machine has named it, or its commands
    /// reach any themselves.
    package var isAnywhere = false

    package init(_ reference: String, for platform: String) {
        self.reference = reference
        self.platform = platform
    }
}

/// What a stage of a Dockerfile is for.
package struct ImageStageSpec: Hashable, Sendable {
    /// The place, from 0 on, of the platform of the build for which it is so.
    package let target: Int
    /// Of its `FROM`.
    package let line: Int
    package let platform: String

    package init(target: Int, line: Int, platform: String) {
        self.target = target
        self.line = line
        self.platform = platform
    }
}

/// How a registry is reached.
package struct RegistrySpec: Hashable, Sendable {
    /// Without TLS, though it is not on this machine.
    package var isPlain = false
    /// Who has to have signed its certificate: a file (PEM).
    package var authority: String?
    package var aws: AWSSpec?

    package init() {}
}

/// As whom a registry of AWS is asked.
package struct AWSSpec: Hashable, Sendable {
    package struct NewRepository: Hashable, Sendable {
        package var isImmutable: Bool
        package var scansOnPush: Bool
        package var isKMS: Bool
        package var kmsKey: String?
        /// Its lifecycle policy (JSON).
        package var lifecycle: String?

        package init(
            isImmutable: Bool, scansOnPush: Bool, isKMS: Bool, kmsKey: String?, lifecycle: String?
        ) {
            self.isImmutable = isImmutable
            self.scansOnPush = scansOnPush
            self.isKMS = isKMS
            self.kmsKey = kmsKey
            self.lifecycle = lifecycle
        }
    }

    package var profile: String?
    package var endpoint: String?
    package var create: NewRepository?

    package init() {}
}
