import Curl
import HTTP
import Images

extension RegistryRequest {
    /// As it is sent. The pass is only given for the registry itself.
    func call(
        showing pass: Pass?, content: SentContent?, _ profile: RegistryRoute
    ) throws(RegistryProblem) -> Call {
        var call = Call(method, .url(place.url), headers: headers)
        if let pass { call.headers.add("Authorization", pass.header) }
        switch body {
        case .none: break
        case .bytes(let bytes): call.body = .bytes(bytes)
        case .part(let range):
            if let content { call.body = .part(try content.part(range)) }
        }
        call.trust = profile.trust
        call.proxy = profile.proxy
        call.addresses = profile.addresses
        call.silentSeconds = profile.silentSeconds
        return call
    }
}

extension Conversation {
    /// Where a registry sends on to for what it keeps elsewhere. Whoever is asked there is shown no
    /// pass, and TLS is not left.
    func redirection<Errand>(
        _ answer: RegistryAnswer, of asking: Job<Errand>.Asking
    ) throws(RegistryProblem) -> RegistryRequest? {
        let request = asking.request
        guard [301, 302, 303, 307, 308].contains(answer.status),
            [.get, .head].contains(request.method), let location = answer.headers["Location"]
        else { return nil }
        guard let place = request.place.following(location), request.place.isPlain || !place.isPlain
        else {
            throw RegistryProblem(
                .unsafe,
                "\(request.place) sends to '\(ImageMistake.shown(location, atMost: 60))'",
                hint: "from https nothing is followed to anywhere else; mend the registry")
        }
        guard asking.hops < Self.mostHops else {
            throw RegistryProblem(
                .gaveUp, "\(profile.root) sends on more than \(Self.mostHops) times",
                hint: "mend the registry")
        }
        var next = RegistryRequest(request.method, place)
        // Who was asked to log in elsewhere must not be told how one does so here.
        next.headers = Headers(
            request.headers.fields.filter {
                $0.name != "Authorization" || place.isSameServer(as: request.place)
            })
        return next
    }

    static func words(_ problem: CallProblem) -> String {
        problem.detail == problem.description || problem.detail.isEmpty
            ? "\(problem)" : "\(problem) (\(ImageMistake.shown(problem.detail)))"
    }

    static func permanent(_ problem: CallProblem, at place: WebPlace) -> RegistryProblem {
        let kind: RegistryProblem.Kind =
            switch problem.kind {
            case .untrusted, .refusedAddress: .unsafe
            case .unreadBody: .damaged
            default: .gaveUp
            }
        return RegistryProblem(
            kind, "cannot ask \(place): \(words(problem))", hint: problem.hint)
    }
}

extension CallProblem {
    /// Trying again would not change it.
    var isPermanent: Bool {
        switch kind {
        case .malformed, .refusedAddress, .untrusted, .tooLong, .unreadBody, .system: true
        case .unreachable, .timedOut, .broken: false
        }
    }
}
