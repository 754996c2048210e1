import Addresses
import Curl
import FoundationEssentials
import HTTP

/// Asks what stands beside a container or a machine for the role that it has.
struct MachineCredentials {
    private static let longestAnswer = 64 << 10
    private static let containerSeconds = 2
    private static let containerTries = 3
    private static let pause = 1_000

    let outside: Outside

    func container(_ place: ContainerPlace, proof: HiddenText?) throws(AWSProblem) -> Credentials {
        var call = call(.get, place.url, seconds: Self.containerSeconds)
        call.headers.add("Accept", "application/json")
        if let proof { call.headers.add("Authorization", proof.reveal()) }
        let answer = try ask(local(call), tries: Self.containerTries)
        guard answer.status == 200 else {
            throw AWSProblem(
                .credentials, "\(call) is answered \(answer.status)",
                hint: "look whether the task or the pod has a role, and its token is right")
        }
        return try read(answer, of: "\(call)")
    }

    /// By the newer way alone (IMDSv2): in the older one, whoever makes this machine fetch a page
    /// has its credentials.
    func instance(_ place: InstancePlace) throws(AWSProblem) -> Credentials {
        var wish = call(.put, "\(place.url)/latest/api/token", seconds: place.seconds)
        wish.headers.add("X-aws-ec2-metadata-token-ttl-seconds", "21600")
        let token = try text(ask(local(wish), tries: place.tries), of: "a token")
        let path = "\(place.url)/latest/meta-data/iam/security-credentials/"
        func get(_ url: String) throws(AWSProblem) -> Answer {
            var call = call(.get, url, seconds: place.seconds)
            call.headers.add("X-aws-ec2-metadata-token", token)
            return try ask(local(call), tries: place.tries)
        }
        let roles = try text(get(path), of: "the role")
        let role = roles.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !role.isEmpty, role.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 0x2F }) else {
            throw AWSProblem(
                .credentials, "the machine has no role", hint: "give the instance a profile")
        }
        let answer = try get(path + role.percentEncoded)
        _ = try text(answer, of: "the credentials of its role")
        return try read(answer, of: "the instance's role '\(role)'")
    }

    /// What is not encrypted stays on this machine, whatever a name leads to.
    private func local(_ call: Call) -> Call {
        guard case .url(let url) = call.place, url.lowercased().hasPrefix("http:") else {
            return call
        }
        var call = call
        call.addresses = .only([.loopback, .linkLocal])
        return call
    }

    private func call(_ method: Request.Method, _ url: String, seconds: Int) -> Call {
        var call = Call(method, .url(url))
        call.taking = .whole(limit: Self.longestAnswer)
        call.connectSeconds = seconds
        call.seconds = seconds
        return call
    }

    private func ask(_ call: Call, tries: Int) throws(AWSProblem) -> Answer {
        var tries = tries
        while true {
            tries -= 1
            do {
                let answer = try outside.ask(call)
                guard answer.status >= 500, tries > 0 else { return answer }
            } catch {
                guard error.kind != .refusedAddress, tries > 0 else {
                    let hop = error.kind == .timedOut && call.method == .put
                    throw AWSProblem(
                        .credentials, "\(call): \(error.detail)",
                        hint: hop
                            ? "in a container on EC2, let the answer take one hop more: "
                                + "HttpPutResponseHopLimit 2"
                            : error.hint)
                }
            }
            guard outside.wait(Self.pause) else { throw .stopped("a role's credentials") }
        }
    }

    private func text(_ answer: Answer, of what: String) throws(AWSProblem) -> String {
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200, !text.isEmpty else {
            throw AWSProblem(
                .credentials, "the metadata service answers \(answer.status) for \(what)",
                hint: "look whether the instance has a role, and its metadata are switched on")
        }
        return text
    }

    private struct Body: Decodable {
        let AccessKeyId: String
        let SecretAccessKey: String
        let Token: String?
        let Expiration: String?
    }

    private func read(_ answer: Answer, of place: String) throws(AWSProblem) -> Credentials {
        let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
        guard let body, body.Token?.isOneLine != false else {
            throw AWSProblem(
                .unreadable, "\(place): the answer holds no credentials",
                hint: "look what answers there")
        }
        let expires = body.Expiration.map(SignedTime.seconds(ofExpiry:))
        guard expires != .some(nil) else {
            throw AWSProblem(
                .unreadable, "\(place): the time at which they expire is not to be understood",
                hint: "look what answers there; it is written as 2026-11-21T10:15:30Z")
        }
        return Credentials(
            key: body.AccessKeyId, secret: body.SecretAccessKey, token: body.Token,
            expires: expires ?? nil)
    }
}
