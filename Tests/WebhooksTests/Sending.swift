import Cryptography
import JSON
import Testing
import Webhooks

/// A delivery as a forge makes it.
struct Sending {
    static let secret = "It's a Secret to Everybody"
    /// Seconds since 1970, here and at the forge.
    static let now: Int64 = 1_614_265_330

    let forge: Forge
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    func verify(_ secrets: [String] = [Sending.secret], now: Int64 = Sending.now) throws -> Webhook
    {
        try Webhook.verify(
            forge, headers: headers, body: body,
            secrets: secrets.map { try #require(HookSecret(Array($0.utf8))) }, now: now)
    }

    func refusal(_ secrets: [String] = [Sending.secret], now: Int64 = Sending.now) -> HookRefusal? {
        do {
            _ = try verify(secrets, now: now)
            return nil
        } catch { return error as? HookRefusal }
    }

    mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { headers.append((name, value)) }
    }

    var signatureName: String {
        switch forge {
        case .github: "X-Hub-Signature-256"
        case .gitea: "X-Gitea-Signature"
        case .forgejo: "X-Forgejo-Signature"
        case .gitlab: "webhook-signature"
        case .bitbucket: "X-Hub-Signature"
        }
    }

    static func hex(_ body: [UInt8], _ secret: String = Sending.secret) -> String {
        Hex.text(of: HMAC.sha256(body, key: Array(secret.utf8)))
    }

    static func standard(_ body: [UInt8]) throws -> [(name: String, value: String)] {
        let secret = try #require(HookSecret(Array(Self.secret.utf8)))
        return StandardWebhook.headers(id: "msg_1", time: now, body: body, secret: secret)
    }

    /// With the headers that each forge's pages tell of.
    static func push(_ forge: Forge) throws -> Sending {
        let body = Array(try #require(bodies[forge]).utf8)
        var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
        switch forge {
        case .github:
            headers += [
                ("User-Agent", "GitHub-Hookshot/044aadd"), ("X-GitHub-Event", "push"),
                ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
                ("X-GitHub-Hook-ID", "292430182"),
                ("X-Hub-Signature", "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6"),
                ("X-Hub-Signature-256", "sha256=\(hex(body))"),
            ]
        case .gitea, .forgejo:
            for name in ["GitHub", "Gogs", "Gitea"] {
                headers.append(("X-\(name)-Event", "push"))
                headers.append(("X-\(name)-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"))
            }
            headers.append(("X-Gitea-Signature", hex(body)))
            if forge == .forgejo {
                headers.append(("X-Forgejo-Event", "push"))
                headers.append(("X-Forgejo-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"))
                headers.append(("X-Forgejo-Signature", hex(body)))
            }
        case .gitlab:
            headers += [
                ("User-Agent", "GitLab/18.0.0"), ("X-Gitlab-Instance", "https://gitlab.example"),
                ("X-Gitlab-Event", "Push Hook"),
                ("X-Gitlab-Event-UUID", "13792a34-cac6-4fda-95a8-c58e00a3954e"),
                ("Idempotency-Key", "msg_1"),
            ]
            headers += try standard(body)
        case .bitbucket:
            headers += [
                ("User-Agent", "Bitbucket-Webhooks/2.0"), ("X-Event-Key", "repo:push"),
                ("X-Hook-UUID", "{0a1b}"), ("X-Attempt-Number", "1"),
                ("X-Request-UUID", "f2b5c0de-0001"), ("X-Hub-Signature", "sha256=\(hex(body))"),
            ]
        }
        return Sending(forge: forge, headers: headers, body: body)
    }
}

// Bodies in the form that each forge documents, cut to what matters and a little beside it.
extension Sending {
    static let bodies: [Forge: String] = [
        .github: """
        {"ref":"refs/heads/main","before":"a1","after":"b2","created":false,"forced":false,
         "repository":{"id":17,"full_name":"ada/shop","private":false,
          "html_url":"https://github.example/ada/shop",
          "git_url":"git://github.example/ada/shop.git",
          "ssh_url":"git@github.example:ada/shop.git",
          "clone_url":"https://github.example/ada/shop.git","pushed_at":1614265330},
         "pusher":{"name":"ada","email":"ada@example.org"},
         "sender":{"login":"ada","id":21031067},
         "commits":[{"id":"b2","message":"Caf\\u00e9 \\ud83d\\ude00","distinct":true}]}
        """,
        .gitea: gitea, .forgejo: gitea,
        .gitlab: """
        {"object_kind":"push","event_name":"push","before":"a1","after":"b2",
         "ref":"refs/heads/main","user_id":4,"user_name":"Ada Example","user_username":"ada",
         "project":{"id":15,"name":"shop","git_ssh_url":"git@gitlab.example:ada/shop.git",
          "git_http_url":"https://gitlab.example/ada/shop.git","ci_config_path":null},
         "total_commits_count":1}
        """,
        .bitbucket: """
        {"actor":{"type":"user","nickname":"ada"},
         "repository":{"type":"repository","full_name":"ada/shop",
          "links":{"html":{"href":"https://bitbucket.example/ada/shop"}}},
         "push":{"changes":[{"new":{"type":"branch","name":"main",
          "target":{"type":"commit","hash":"b2"}},"old":null,
          "created":true,"closed":false}]}}
        """,
    ]

    private static let gitea = """
        {"ref":"refs/heads/main","before":"a1","after":"b2","total_commits":1,
         "repository":{"id":140,"full_name":"ada/shop",
          "ssh_url":"ssh://git@forge.example/ada/shop.git",
          "clone_url":"https://forge.example/ada/shop.git"},
         "pusher":{"id":1,"login":"ada","username":"ada"}}
        """
}
