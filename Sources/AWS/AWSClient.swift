/// Asks services of AWS as whoever the environment says, in the one thread that owns it.
/// Credentials are kept in its memory alone, and renewed before they expire.
package final class AWSClient {
    private let caller: AWSCaller
    private let plan: CredentialPlan
    private var kept: Credentials?

    package init(_ settings: AWSSettings, outside: Outside) {
        caller = AWSCaller(settings, outside)
        plan = CredentialPlan(settings)
    }

    package var outside: Outside { caller.outside }

    /// The body of a good answer.
    package func ask(
        _ request: AWSRequest, in region: String
    ) throws(AWSProblem) -> [UInt8] {
        try caller.ask(request, in: region) { areRenewed throws(AWSProblem) in
            try credentials(areRenewed: areRenewed)
        }
    }

    private func credentials(areRenewed: Bool) throws(AWSProblem) -> Credentials {
        if !areRenewed, let kept, kept.holds(at: caller.now) { return kept }
        do {
            let found = try CredentialSearch(caller: caller).find(plan)
            kept = found
            return found
        } catch {
            // What gives new ones may be away for a while that the old ones outlast.
            if !areRenewed, let kept, kept.holds(at: caller.now, margin: 0) { return kept }
            throw error
        }
    }
}
