/// The images of registries that a Dockerfile begins with, copies from or mounts: all that a build
/// has to have before its first command, so that none of its commands needs to fetch one.
package struct DockerfileBases: Hashable, Sendable {
    package struct Base: Hashable, Sendable {
        package let reference: Reference
        /// What it has to be for: what `FROM --platform` says, or else what is built for.
        package let platform: Platform
    }

    package struct Stage: Hashable, Sendable {
        /// Of its `FROM`.
        package let line: Int
        package let platform: Platform
        /// Empty where it has none.
        fileprivate let name: String
    }

    /// More are in no Dockerfile that anybody has written by hand.
    private static let most = 64

    /// Each once, in their order.
    package private(set) var all: [Base] = []
    /// The image of a program that reads the Dockerfile instead of the builder.
    package let frontend: String?

    private let platform: Platform
    private let escape: Character
    private let given: [String: String]
    private var global: [String: String]
    private var local: [String: String] = [:]
    package private(set) var stages: [Stage] = []
    /// Some of it is for another platform than the image, such as what compiles it.
    package var isMixed: Bool { stages.contains { $0.platform != platform } }

    /// Up to the stage `target`. `arguments` are those that the build is given, `platform` is what
    /// it is for, and `machine` what it is made on.
    package init(
        parsing bytes: [UInt8], arguments: [String: String] = [:], target: String? = nil,
        for platform: Platform, on machine: Platform = .ofThisMachine
    ) throws(ImageMistake) {
        let dockerfile = DockerfileInstructions(bytes)
        frontend = arguments["BUILDKIT_SYNTAX"] ?? dockerfile.frontend
        self.platform = platform
        escape = dockerfile.escape
        given = arguments
        global = Self.known(of: platform, as: "TARGET")
            .merging(Self.known(of: machine, as: "BUILD")) { $1 }
        let last = Self.stage(target, of: dockerfile.all)
        for instruction in dockerfile.all {
            if instruction.name == "FROM", let last, stages.count > last { break }
            try read(instruction)
        }
    }

    private static func known(of platform: Platform, as side: String) -> [String: String] {
        [
            "\(side)PLATFORM": "\(platform)", "\(side)OS": platform.system,
            "\(side)ARCH": platform.architecture, "\(side)VARIANT": platform.variant ?? "",
        ]
    }

    /// By its name or its number; nothing where there is none, which is for the builder to say.
    private static func stage(
        _ target: String?, of instructions: [DockerfileInstructions.Instruction]
    ) -> Int? {
        guard let target else { return nil }
        let names = instructions.filter { $0.name == "FROM" }.map { name(ofStage: $0.rest) }
        return names.lastIndex(of: target.lowercased())
            ?? Int(target).flatMap { names.indices.contains($0) ? $0 : nil }
    }

    private static func name(ofStage words: [String]) -> String {
        words.count == 3 && words[1].lowercased() == "as" ? words[2].lowercased() : ""
    }

    private mutating func read(
        _ instruction: DockerfileInstructions.Instruction
    ) throws(ImageMistake) {
        switch instruction.name {
        case "ARG": declare(instruction.rest)
        case "FROM": try begin(instruction)
        case "COPY", "ADD":
            for source in instruction.options("from") { try take(source, instruction.line) }
        case "RUN":
            for mount in instruction.options("mount") {
                for field in mount.split(separator: ",") where field.hasPrefix("from=") {
                    try take(String(field.dropFirst("from=".count)), instruction.line)
                }
            }
        default: break
        }
    }

    private mutating func declare(_ words: [String]) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let standard = parts.count == 2 ? filled(String(parts[1])) : nil
            let value = given[name] ?? standard
            if stages.isEmpty {
                if let value { global[name] = value }
            } else {
                local[name] = value ?? global[name]
            }
        }
    }

    private mutating func begin(
        _ instruction: DockerfileInstructions.Instruction
    ) throws(ImageMistake) {
        local = [:]
        let words = instruction.rest
        let name = try image(words.first ?? "", instruction.line, knowing: global)
        var platform = try platform(of: instruction)
        if let stage = stages.last(where: { $0.name == name.lowercased() }) {
            platform = stage.platform
        } else if name != "scratch" {
            try add(name, platform, instruction.line)
        }
        stages.append(
            Stage(line: instruction.line, platform: platform, name: Self.name(ofStage: words)))
    }

    private func platform(
        of instruction: DockerfileInstructions.Instruction
    ) throws(ImageMistake) -> Platform {
        guard let word = instruction.options("platform").last else { return platform }
        let text = DockerfileWord.filled(word, escape: escape) { global[$0] } ?? word
        do throws(ImageMistake) { return try Platform(parsing: text) } catch {
            throw ImageMistake(
                "line \(instruction.line) of the Dockerfile: \(error.problem)", hint: error.hint)
        }
    }

    /// What is copied or mounted from: a stage or its number, or an image for the same platform.
    private mutating func take(_ source: String, _ line: Int) throws(ImageMistake) {
        let name = try image(source, line, knowing: global.merging(local) { $1 })
        let isStage =
            stages.contains { $0.name == name.lowercased() }
            || Int(name).map { stages.indices.contains($0) } == true
        if !isStage { try add(name, stages.last?.platform ?? platform, line) }
    }

    private func filled(_ word: String) -> String? {
        let known = global.merging(local) { $1 }
        return DockerfileWord.filled(word, escape: escape) { known[$0] }
    }

    private func image(
        _ word: String, _ line: Int, knowing values: [String: String]
    ) throws(ImageMistake) -> String {
        let name = DockerfileWord.filled(word, escape: escape) { values[$0] }
        guard let name, !name.isEmpty else {
            throw ImageMistake(
                "line \(line) of the Dockerfile names no image with '\(ImageMistake.shown(word))'",
                hint: "give each of its variables a value, by an 'ARG' before the first 'FROM' or "
                    + "under 'args'")
        }
        return name
    }

    private mutating func add(
        _ name: String, _ platform: Platform, _ line: Int
    ) throws(ImageMistake) {
        guard let reference = try Reference(inDockerfile: name, line: line) else { return }
        let base = Base(reference: reference, platform: platform)
        guard !all.contains(base) else { return }
        guard all.count < Self.most else {
            throw ImageMistake(
                "the Dockerfile names more than \(Self.most) images",
                hint: "build it in several actions, or leave out what no stage needs")
        }
        all.append(base)
    }
}

extension Reference {
    /// What buildah takes from where the Dockerfile is, or from nowhere at all.
    private static let otherTransports = [
        "docker-archive:", "oci-archive:", "oci:", "dir:", "containers-storage:", "docker-daemon:",
    ]

    /// Nothing of what lies in no registry. Without a host it is the Docker Hub's.
    fileprivate init?(inDockerfile name: String, line: Int) throws(ImageMistake) {
        if Self.otherTransports.contains(where: name.hasPrefix) { return nil }
        let text = name.hasPrefix("docker://") ? String(name.dropFirst("docker://".count)) : name
        do throws(ImageMistake) { try self.init(familiar: text) } catch {
            throw ImageMistake("line \(line) of the Dockerfile: \(error.problem)", hint: error.hint)
        }
    }

    /// As people call images of the Docker Hub: without its name, and the official ones without a
    /// path.
    package init(familiar text: String) throws(ImageMistake) {
        var parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 1 || !RegistryHost.looksLikeOne(parts[0]) {
            parts = ["docker.io", text[...]]
        }
        if parts[0] == "index.docker.io" { parts[0] = "docker.io" }
        if parts[0] == "docker.io", !parts[1].contains("/") { parts[1] = "library/\(parts[1])" }
        try self.init(parsing: parts.joined(separator: "/"))
    }
}
