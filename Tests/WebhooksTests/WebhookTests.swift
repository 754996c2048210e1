import JSON
import Testing
import Webhooks

@Suite("Webhooks") struct WebhookTests {
    @Test("of each forge are known by their signature", arguments: Forge.allCases)
    func push(forge: Forge) throws {
        let sending = try Sending.push(forge)
        let hook = try sending.verify()
        #expect(hook.kind == .push)
        #expect(hook.id != nil)
        let details = hook.details(in: try JSON(parsing: sending.body))
        #expect(details.ref == "refs/heads/main")
        #expect(details.pusher == "ada")
        #expect(details.commit == "b2")
        #expect(details.addresses.contains { $0.hasPrefix("https://") && $0.contains("/ada/shop") })
    }

    @Test("are refused when a byte of the body is another", arguments: Forge.allCases)
    func changed(forge: Forge) throws {
        var sending = try Sending.push(forge)
        sending.body[20] ^= 1
        #expect(sending.refusal() == .wrong)
        sending.body = []
        #expect(sending.refusal() == .wrong)
    }

    @Test("are refused without a signature, and with an empty one", arguments: Forge.allCases)
    func unsigned(forge: Forge) throws {
        var sending = try Sending.push(forge)
        sending.set("X-Gitea-Signature", nil)
        sending.set(sending.signatureName, nil)
        #expect(sending.refusal() == .unsigned)
        sending.set(sending.signatureName, "")
        #expect([.wrong, .unsigned].contains(sending.refusal()))
    }

    @Test(
        "are refused with a signature that is not exactly right",
        arguments: Forge.allCases,
        [
            "sha256=", "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6", "0", "v1,", "v1,AAAA",
            "v0,x", String(repeating: "0", count: 64),
            "sha256=" + String(repeating: "0", count: 64),
            String(repeating: "g", count: 64), "v1," + String(repeating: "A", count: 43) + "=",
        ])
    func wrong(forge: Forge, signature: String) throws {
        var sending = try Sending.push(forge)
        sending.set(sending.signatureName, signature)
        #expect(sending.refusal() == .wrong)
    }

    @Test(
        "in large letters, cut short or with more around it are refused",
        arguments: [Forge.github, .gitea, .forgejo, .bitbucket])
    func letters(forge: Forge) throws {
        var sending = try Sending.push(forge)
        let prefix = forge == .github || forge == .bitbucket ? "sha256=" : ""
        let right = Sending.hex(sending.body)
        let wrong = [
            prefix + right.uppercased(), prefix + right.dropLast(2), prefix + right + "00",
            prefix + right + " ", " " + prefix + right,
        ]
        for signature in wrong {
            sending.set(sending.signatureName, signature)
            #expect(sending.refusal() == .wrong, "\(signature)")
        }
    }

    @Test("are refused when they are signed twice", arguments: Forge.allCases)
    func twice(forge: Forge) throws {
        var sending = try Sending.push(forge)
        sending.headers.append((sending.signatureName.lowercased(), "sha256=00"))
        #expect(sending.refusal() == .malformed)
    }

    @Test("of a forge are none of another", arguments: Forge.allCases, Forge.allCases)
    func others(sender: Forge, expected: Forge) throws {
        let sent = try Sending.push(sender)
        let sending = Sending(forge: expected, headers: sent.headers, body: sent.body)
        // A Forgejo still signs as the Gitea it once was.
        let areAlike = Set([sender, expected]) == [.gitea, .forgejo] || sender == expected
        #expect((sending.refusal() == nil) == areAlike)
    }

    @Test("are taken with each of two secrets, and with no third", arguments: Forge.allCases)
    func rotation(forge: Forge) throws {
        let sending = try Sending.push(forge)
        #expect(sending.refusal(["another one", Sending.secret]) == nil)
        #expect(sending.refusal([Sending.secret, "another one"]) == nil)
        #expect(sending.refusal(["another one", "a third"]) == .wrong)
        #expect(sending.refusal([]) == .wrong)
    }

    @Test("of a Forgejo are not made good by an older signature")
    func forgejo() throws {
        var sending = try Sending.push(.forgejo)
        sending.set("X-Forgejo-Signature", String(repeating: "0", count: 64))
        #expect(sending.refusal() == .wrong)
        sending.set("X-Forgejo-Signature", nil)
        #expect(sending.refusal() == nil)
    }

    @Test("larger than can be are refused before they are looked at", arguments: Forge.allCases)
    func large(forge: Forge) throws {
        var sending = try Sending.push(forge)
        sending.body = Array(repeating: 32, count: Webhook.maximumBody + 1)
        #expect(sending.refusal() == .tooLarge)
    }

    @Test(
        "say what they are about",
        arguments: [
            (Forge.github, "X-GitHub-Event", "ping", Webhook.Kind.ping),
            (.github, "X-GitHub-Event", "issues", .other), (.github, "X-GitHub-Event", nil, .other),
            (.github, "X-GitHub-Event", "delete", .push),
            (.gitlab, "X-Gitlab-Event", "Tag Push Hook", .push),
            (.gitlab, "X-Gitlab-Event", "Issue Hook", .other),
            (.bitbucket, "X-Event-Key", "diagnostics:ping", .ping),
            (.bitbucket, "X-Event-Key", "repo:refs_changed", .push),
        ] as [(Forge, String, String?, Webhook.Kind)])
    func kinds(forge: Forge, header: String, event: String?, kind: Webhook.Kind) throws {
        var sending = try Sending.push(forge)
        sending.set(header, event)
        #expect(try sending.verify().kind == kind)
    }

    @Test("with bodies of no use are hints all the same", arguments: ["{}", "[]", "null", "\"x\""])
    func bodies(text: String) throws {
        for forge in Forge.allCases {
            let hook = try Sending.push(forge).verify()
            let details = hook.details(in: try JSON(parsing: Array(text.utf8)))
            #expect(details.ref == nil && details.commit == nil)
            #expect(details.pusher == nil && details.addresses.isEmpty)
        }
    }
}

@Suite("Webhooks of GitLab") struct GitLabHookTests {
    /// The example of the Standard Webhooks specification.
    @Test func `are signed as the specification says`() throws {
        let sending = Sending(
            forge: .gitlab,
            headers: [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ], body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(sending.refusal(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]) == nil)
        #expect(sending.refusal(["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]) == .wrong)
    }

    @Test(
        "are refused when their time is not now",
        arguments: [(-301, true), (-300, false), (0, false), (300, false), (301, true)])
    func time(apart: Int64, isStale: Bool) throws {
        let sending = try Sending.push(.gitlab)
        #expect(sending.refusal(now: Sending.now + apart) == (isStale ? .stale : nil))
    }

    @Test(
        "are refused when id or time are not the signed ones",
        arguments: [
            ("webhook-id", "msg_2", HookRefusal.wrong), ("webhook-id", nil, .unsigned),
            ("webhook-timestamp", "1614265331", .wrong), ("webhook-timestamp", nil, .unsigned),
            ("webhook-timestamp", "01614265330", .wrong),
        ] as [(String, String?, HookRefusal)])
    func bound(header: String, value: String?, refusal: HookRefusal) throws {
        var sending = try Sending.push(.gitlab)
        sending.set(header, value)
        #expect(sending.refusal() == refusal)
    }

    @Test func `have several signatures while a secret is changed`() throws {
        var sending = try Sending.push(.gitlab)
        let right = try #require(sending.headers.first { $0.name == "webhook-signature" }).value
        sending.set("webhook-signature", "v1a,xx v1,AAAA \(right) v2,zz")
        #expect(sending.refusal() == nil)
        let many = Array(repeating: "v1,AAAA", count: 1_000).joined(separator: " ")
        sending.set("webhook-signature", "\(many) \(right)")
        #expect(sending.refusal() == .wrong)
    }

    @Test func `can bring the secret itself, unless it is one that signs`() throws {
        var sending = try Sending.push(.gitlab)
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            sending.set(name, nil)
        }
        sending.set("X-Gitlab-Token", Sending.secret)
        #expect(sending.refusal() == nil)
        #expect(sending.refusal(["another one"]) == .wrong)
        sending.set("X-Gitlab-Token", Sending.secret + " ")
        #expect(sending.refusal() == .wrong)
        let signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        sending.set("X-Gitlab-Token", signing)
        #expect(sending.refusal([signing]) == .wrong)
    }

    @Test func `with a wrong signature are not made good by the secret`() throws {
        var sending = try Sending.push(.gitlab)
        sending.set("X-Gitlab-Token", Sending.secret)
        sending.set("webhook-signature", "v1,AAAA")
        #expect(sending.refusal() == .wrong)
    }

    @Test(
        "secrets that everybody knows are none", arguments: ["", "\n", " ", "whsec_", "whsec_%%"])
    func secrets(text: String) {
        #expect(HookSecret(Array(text.utf8)) == nil)
    }

    @Test func `the end of a line is no part of a secret`() throws {
        #expect(try Sending.push(.github).refusal([Sending.secret + "\n"]) == nil)
    }
}
