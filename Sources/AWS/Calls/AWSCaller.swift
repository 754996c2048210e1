import Curl
import HTTP

/// Asks services of AWS, as whoever the given credentials prove; in the one thread that owns it.
final class AWSCaller {
    /// Answers of AWS that anybody here asks for are far shorter.
    private static let longestAnswer = 8 << 20

    let settings: AWSSettings
    let outside: Outside
    /// How many seconds the services' clocks are ahead of this machine's, as far as is known.
    private(set) var clockOffset = 0

    init(_ settings: AWSSettings, _ outside: Outside) {
        self.settings = settings
        self.outside = outside
    }

    /// What the services' clocks show now.
    var now: Int { outside.now() + clockOffset }

    /// The body of the answer. `credentials` are asked for before each try, the newest where they
    /// have to be newer than those before; nothing to ask unsigned.
    func ask(
        _ request: AWSRequest, in region: String,
        as credentials: (_ areRenewed: Bool) throws(AWSProblem) -> Credentials?
    ) throws(AWSProblem) -> [UInt8] {
        let endpoint = try settings.endpoint(of: request.service, in: region)
        var persistence = Persistence(tries: settings.tries)
        var who = try credentials(false)
        while true {
            let time = now
            let outcome = try self.try(request, at: endpoint, region, who, time)
            let failure: Persistence.Failure
            switch outcome {
            case .answered(let body): return body
            case .failed(let why, _): failure = why
            }
            switch persistence.next(after: failure) {
            case .again(let most):
                let pause = Int(outside.chance() * Double(most))
                guard outside.wait(pause) else { throw .stopped(request.operation) }
            case .correctClock(let seconds): clockOffset += seconds
            case .renewCredentials:
                let renewed = try credentials(true)
                guard let renewed, renewed != who else { throw outcome.problem(persistence, who) }
                who = renewed
            case .giveUp: throw outcome.problem(persistence, who)
            }
        }
    }

    private enum Outcome {
        case answered([UInt8])
        case failed(Persistence.Failure, AWSProblem)

        func problem(_ persistence: Persistence, _ who: Credentials?) -> AWSProblem {
            guard case .failed(let failure, let problem) = self else {
                return AWSProblem(.unreadable, "an answer is no failure", hint: "report this")
            }
            if case .refusal(let code, _, _) = failure, Persistence.isOfExpiry(code) {
                return AWSProblem(
                    .expired,
                    "\(problem.problem); \(who.map { "\($0)" } ?? "what it was asked with")"
                        + " has expired, and \(persistence.hasRenewed ? "no newer" : "none other")"
                        + " is to be had",
                    hint: "renew the credentials where they come from")
            }
            guard persistence.tries > 1 else { return problem }
            let words = "\(problem.problem) (asked \(persistence.tries) times)"
            return AWSProblem(problem.cause, words, hint: problem.hint)
        }
    }

    private func `try`(
        _ request: AWSRequest, at endpoint: String, _ region: String, _ who: Credentials?,
        _ time: Int
    ) throws(AWSProblem) -> Outcome {
        let place = "\(request.service.word) \(request.operation) at \(Call.origin(of: endpoint))"
        let answer: Answer
        do {
            answer = try outside.ask(call(request, endpoint, region, who, time))
        } catch {
            let isLasting = [.malformed, .untrusted, .tooLong, .refusedAddress].contains(error.kind)
            return .failed(
                .silence(isLasting: isLasting),
                AWSProblem(.unreachable, "\(place): \(error.detail)", hint: error.hint))
        }
        if 200..<300 ~= answer.status { return .answered(answer.body) }
        let complaint = AWSComplaint(answer)
        let clock = answer.headers["Date"].flatMap(SignedTime.seconds(ofDate:)).map { $0 - time }
        let message = who?.hidden(in: complaint.message) ?? complaint.message
        return .failed(
            .refusal(code: complaint.code, status: complaint.status, clock: clock),
            AWSProblem(
                .refused(status: complaint.status, code: complaint.code),
                "\(place): \(complaint.code): \(message)", hint: Self.hint(complaint.code, who)))
    }

    private func call(
        _ request: AWSRequest, _ endpoint: String, _ region: String, _ who: Credentials?,
        _ time: Int
    ) -> Call {
        let (host, path) = AWSSettings.parts(of: endpoint)
        var headers: Headers = ["Host": host, "Content-Type": request.type]
        if let target = request.target { headers.add("X-Amz-Target", target) }
        if let who {
            headers = Signing(
                credentials: who, region: region, service: request.service.name, time: time
            ).headers(signing: headers, path: path, body: request.body)
        }
        var call = Call(.post, .url(endpoint + "/"), headers: headers, body: request.body)
        call.taking = .whole(limit: Self.longestAnswer)
        call.trust = settings.authorities.map { .authorities($0) } ?? .system
        call.proxy = .environment
        call.seconds = 60
        return call
    }

    private static func hint(_ code: String, _ who: Credentials?) -> String {
        let name = who.map { "\($0)" } ?? "whoever asked"
        return switch code {
        case "SignatureDoesNotMatch", "InvalidSignatureException":
            "check that the secret belongs to \(name), and that nothing on the way changes requests"
        case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId":
            "check that \(name) exists, is active, and is of this partition of AWS"
        case "AccessDenied", "AccessDeniedException":
            "let a policy allow it to \(name)"
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
            "set this machine's clock"
        case _ where code.hasSuffix("NotFoundException"): "check its name, account and region"
        default: "see what the service says"
        }
    }
}

extension AWSProblem {
    static func stopped(_ operation: String) -> AWSProblem {
        AWSProblem(
            .stopped, "\(operation) was stopped while it waited to ask again", hint: "start again")
    }
}
