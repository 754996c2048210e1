import Attempts
import Cryptography
import Engine
import FoundationEssentials
import HTTP
import People
import Pipelines
import Server
import Store
import Support
import Testing
import Vault

/// A house with pipelines and people, and its API.
struct Scene {
    let folder: Folder
    let desk: TestDesk
    let api: API
    let people: TestPeople

    static let shop = """
        name: shop
        about: a shop
        variables:
          region: { default: north, choices: [north, south] }
        sources: { app: { git: /repositories/shop } }
        stages:
          - name: build
            actions:
              make: { run: make }
              test: { run: test, after: make }
          - name: prod
            before:
              - approval:
                  by: [release-managers]
                  four-eyes: true
                  ask: "Ship #{app.commit}?"
            actions:
              send: { run: send, inputs: app }
        environments: { prod: { services: { web: { run: serve } } } }
        """
    static let site = """
        name: site
        sources: { app: { git: /repositories/site } }
        stages:
          - { name: live, actions: { put: { deploy: { environment: live, image: x } } } }
        """

    init(
        definitions: [String] = [shop, site], shipping: any Shipping = SeenAlone(),
        hooks: any Hooks = NoHooks(), notes: any DefinitionNews = NoDefinitions(),
        settings: Surroundings.Settings = Self.settings, remotes: [WatchedRemote] = [],
        meter: Meter? = nil, watched: WatchFigures? = nil
    ) throws {
        folder = try Folder()
        desk = try TestDesk(home: folder.path)
        for text in definitions {
            let definition = try #require(Definition.read(Array(text.utf8)).definition)
            try desk.tell(.define(definition), by: .person(Person("ada")))
        }
        people = TestPeople(desk)
        var parts = Self.parts(desk, folder.path, settings)
        parts.shipping = shipping
        parts.hooks = hooks
        parts.definitions = notes
        parts.remotes = { remotes }
        parts.meter = meter
        parts.watched = { watched }
        api = API(parts)
    }

    private init(_ folder: Folder, _ desk: TestDesk, _ people: TestPeople, _ api: API) {
        self.folder = folder
        self.desk = desk
        self.people = people
        self.api = api
    }

    /// The same house with an API that remembers nothing, as after a start.
    func again() -> Scene {
        Scene(folder, desk, people, API(Self.parts(desk, folder.path, Self.settings)))
    }

    private static func parts(
        _ desk: TestDesk, _ home: String, _ settings: Surroundings.Settings
    ) -> API.Parts {
        var parts = API.Parts(desk: desk, home: home) { folder(of: $0, in: home) }
        parts.settings = settings
        parts.vault = try? Vault.open(in: home)
        parts.pulse = Pulse(hasClock: false)
        return parts
    }

    static var settings: Surroundings.Settings {
        var settings = Surroundings.Settings()
        // Tests ask more than people do.
        settings.limits.ofAddress = Rate(burst: 1_000_000, perSecond: 1)
        settings.limits.ofToken = Rate(burst: 1_000_000, perSecond: 1)
        settings.limits.ofFailures = Rate(burst: 1_000_000, perSecond: 1)
        return settings
    }

    static func folder(of attempt: AttemptID, in home: String) -> AttemptFolder {
        let name = attempt.description.replacing("/", with: "+")
        return AttemptFolder("\(home)/attempts/\(name)")
    }

    /// Makes the folder of an attempt, as a runner does.
    func makeFolder(of attempt: AttemptID) throws -> AttemptFolder {
        let folder = Self.folder(of: attempt, in: self.folder.path)
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        return folder
    }

    @discardableResult
    func start(
        _ pipeline: String = "shop", commit: String = "c1", authors: [String] = ["ada"]
    ) throws -> ExecutionID {
        let source = try #require(SourceName("app"))
        let revision = Revision(
            source: source, ref: "refs/heads/main", commit: commit, message: "Say \(commit)",
            authors: authors)
        let name = try #require(PipelineName(pipeline))
        let start = Start(name, revisions: [revision])
        return try #require(try desk.tell(.start(start), by: .person(Person("ada"))))
    }
}

/// People with tokens, made as the house makes them.
struct TestPeople {
    private let desk: TestDesk

    init(_ desk: TestDesk) { self.desk = desk }

    /// The same text each time it is asked for by the same name.
    func token(
        _ name: String, _ grants: [Grant], expiresIn seconds: Int64? = nil
    ) throws -> String {
        let bytes = Array(SHA256.hex(of: Array(name.utf8)).utf8.prefix(TokenText.randomBytes))
        let text = try #require(TokenText(random: bytes))
        guard desk.view.state.people.tokens[text.id] == nil else { return text.text }
        let wish = TokenWish(
            text, of: try #require(PersonName(name)), grants: grants,
            expires: seconds.map { desk.view.now.wall + $0 * 1_000 })
        try desk.tell(.people(.make(wish)))
        return text.text
    }

    /// Whoever holds just this role, in all pipelines or in these.
    func token(_ role: Role, of pipelines: String...) throws -> String {
        let globs = try pipelines.map { text throws(Mistake) in try Glob(parsing: text) }
        let suffix = pipelines.isEmpty ? "" : "-of-some"
        // Nobody may be called as a role is.
        return try token("a-\(role.rawValue)\(suffix)", [Grant(role, pipelines: globs)])
    }

    func revoke(_ text: String) throws {
        try desk.tell(.people(.revoke(try TokenText(parsing: text).id, reason: "lost")))
    }
}
