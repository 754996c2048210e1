import FoundationEssentials
import Glibc
import Support
import Testing

@Suite("What a server keeps to itself", .timeLimit(.minutes(2))) struct ServerSecretTests {
    private static let secret = "correct-horse/battery+staple=42"
    private static let forms = [
        secret, "Y29ycmVjdC1ob3JzZS9iYXR0ZXJ5K3N0YXBsZT00Mg",
        "636f72726563742d686f7273652f626174746572792b737461706c653d3432",
        "correct-horse%2Fbattery%2Bstaple%3D42", "correct-horse\\/battery",
    ]
    private static let definition = """
        name: shop
        sources: { app: { git: REPOSITORY, branches: main } }
        stages:
          - name: build
            actions:
              make:
                secrets: { KEY: key }
                exports: [RESULT]
                run: |
                  echo "plain: $KEY"; echo "$KEY" >&2; printf '%s' "$KEY" | base64
                  printf '%s' "$KEY" | od -An -tx1 -v | tr -d ' \\n'; echo
                  echo "url: $(printf '%s' "$KEY" | sed 's,/,%2F,g; s,+,%2B,g; s,=,%3D,g')"
                  echo "json: \\"$(printf '%s' "$KEY" | sed 's,/,\\\\/,g')\\""
                  echo "::error title=$KEY::$KEY"; echo "RESULT=$KEY" >> "$SLIPWAY_EXPORTS"
                  i=0; while [ $i -lt 40 ]; do i=$((i + 1)); sleep 0.02; done; echo done
        """

    @Test func `is in nothing that it writes, tells or shows to the machine`() throws {
        let repository = try TestRepository.sample()
        let server = try RunningServer(settings: "folders: \(repository.path)\n")
        let token = try server.administrator
        try server.setSecret("key", to: Self.secret)
        let made = try server.token("ada", "viewer")
        _ = try server.ask("/api/v1/me", as: made + "x")
        try server.define("shop", Self.definition.replacing("REPOSITORY", with: repository.path))
        _ = try server.follow(until: "event: attempt.started")
        let words = Self.wordsOfProcesses()
        let events = try server.follow(until: "event: execution.finished")
        let place = "/api/v1/pipelines/shop/executions/1"
        let log = try server.ask("\(place)/attempts/build/1/make/1/log", as: token).body
        #expect(log.hasSuffix("done\n"), "\(log)")
        let shown = try server.ask(place, as: token).body
        #expect(shown.contains("\"status\":\"succeeded\""), "\(shown)")
        let asked = try [
            place, "\(place)/attempts", "/api/v1/audit?limit=200", "/api/v1/secrets", "/metrics",
            "/api/v1/tokens", "/api/v1/executions", "/api/v1/backup",
        ].map { ($0, try server.ask($0, as: token).body) }
        server.stop()
        let told = [
            ("events", events), ("the log", log), ("the journal", server.journal),
            ("processes", words),
        ]
        for (place, text) in told + asked + Self.files(of: server.folder) {
            for form in Self.forms + [token, made] where text.contains(form) {
                Issue.record("\(place) shows \(form)")
            }
        }
        #expect(words.contains("slipway-supervisor"))
    }

    /// What every user of the machine can see.
    private static func wordsOfProcesses() -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int($0) != nil }.map { text(of: "/proc/\($0)/cmdline") }.joined()
    }

    /// Everything in the home but what keeps the token for its first reader.
    private static func files(of folder: Folder) -> [(String, String)] {
        let home = folder.file("home")
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: home)) ?? []
        return names.filter { $0 != "admin-token" }.map { ($0, text(of: "\(home)/\($0)")) }
    }

    private static func text(of path: String) -> String {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: bytes.map { $0 < 128 ? $0 : 0x3F }, as: UTF8.self)
    }
}
