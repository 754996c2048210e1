import HTTP
import Images
import Testing

@Suite("Being let in at a registry") struct AdmissionTests {
    @Test(
        "what it wants is read, however it is written",
        arguments: [
            (
                #"Bearer realm="https://a/t",service="s""#,
                [.bearer(realm: "https://a/t", service: "s")]
            ),
            (#"bearer  realm=https://a/t"#, [.bearer(realm: "https://a/t", service: nil)]),
            (#"Basic realm="a, Bearer realm=b""#, [.basic]), ("Basic", [.basic]),
            (#"Basic realm="a", Bearer realm="b""#, [.basic, .bearer(realm: "b", service: nil)]),
            (#"Bearer realm="a\"b""#, [.bearer(realm: "a\"b", service: nil)]),
            ("Digest nonce=1", []), ("Bearer service=a", []), ("", []), ("=,\"", []),
        ] as [(String, [Challenge])])
    func challenges(text: String, found: [Challenge]) { #expect(Challenge.read([text]) == found) }

    private static let login = Login(user: "ada", password: "word-of-ada")
    private static let basic: Headers = ["WWW-Authenticate": "Basic realm=a"]

    private static func admission(_ login: Login? = login) throws -> Admission {
        Admission(login, for: ["a:pull", "b"], at: try #require(WebPlace("https://a.example/")))
    }

    @Test func `a password is shown when it is wanted, and once`() throws {
        var admission = try Self.admission()
        #expect(admission.pass == nil)
        #expect(admission.turnedDown(Self.basic, shown: 0) == .again)
        #expect(admission.pass?.header == "Basic YWRhOndvcmQtb2YtYWRh")
        guard case .refused(let problem) = admission.turnedDown(Self.basic, shown: 1) else {
            Issue.record("it is shown again")
            return
        }
        #expect(problem.kind == .denied)
    }

    @Test func `whoever was turned down with an older pass tries the newer one`() throws {
        var admission = try Self.admission()
        _ = admission.turnedDown(Self.basic, shown: 0)
        #expect(admission.turnedDown(Self.basic, shown: 0) == .again)
    }

    @Test func `a token is asked for with what is wanted, and kept`() throws {
        var admission = try Self.admission()
        let headers: Headers = ["WWW-Authenticate": #"Bearer realm="https://t/x?y=z",service=s"#]
        guard case .fetch(let request) = admission.turnedDown(headers, shown: 0) else {
            Issue.record("no token is asked for")
            return
        }
        #expect(request.place.url == "https://t/x?y=z&service=s&scope=a%3Apull&scope=b")
        #expect(request.headers["Authorization"] == Self.login.header)
        try admission.took(RegistryAnswer(200, body: Array(#"{"access_token":"t"}"#.utf8)))
        #expect(admission.pass?.header == "Bearer t")
    }

    @Test(
        "what is no token is not taken",
        arguments: ["", "{}", #"{"token":""}"#, #"{"token":"a\nb"}"#])
    func noToken(body: String) throws {
        var admission = try Self.admission()
        #expect(throws: RegistryProblem.self) {
            try admission.took(RegistryAnswer(200, body: Array(body.utf8)))
        }
    }

    @Test func `neither login nor pass shows itself`() throws {
        var admission = try Self.admission()
        _ = admission.turnedDown(Self.basic, shown: 0)
        let pass = try #require(admission.pass)
        var dumped = ""
        dump(admission, to: &dumped)
        for text in [
            "\(Self.login) \(pass)", "\(admission)", dumped, "\(String(reflecting: pass))",
        ] {
            #expect(!text.contains("word-of-ada") && !text.contains("YWRhOndvcmQtb2YtYWRh"))
        }
    }

    @Test func `a complaint is shown short and without what moves a terminal`() {
        let text = #"{"errors":[{"code":"DENIED","message":"\u001b[2Jno"}]}"#
        let complaint = Complaint(parsing: Array(text.utf8))
        #expect(complaint.codes == ["DENIED"])
        #expect(complaint.words == "DENIED: ?[2Jno")
        #expect(Complaint(parsing: Array("<html>".utf8)).words == "")
        #expect(Complaint(parsing: Array("no  such\nhost".utf8)).words == "no such host")
    }
}
