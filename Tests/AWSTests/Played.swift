import AWS
import Curl
import JSON
import SmallFiles
import Support
import Synchronization

/// A world that a test makes up: its clock stands, its waits are noted and over at once, its files
/// are here.
struct PlayedWorld {
    final class Seen: Sendable {
        let now = Atomic(1_795_000_000)
        let waits = Mutex<[Int]>([])
        let goesOn = Atomic(true)
    }

    let seen = Seen()
    var files: [String: String] = [:]

    func outside() throws -> Outside {
        let client = try HTTPClient()
        return Outside(
            ask: { call throws(CallProblem) in try client.ask(call) },
            read: { [files] path in
                files[path].map { .success(Array($0.utf8)) } ?? .failure(FileProblem(code: 2))
            },
            now: { [seen] in seen.now.load(ordering: .relaxed) },
            wait: { [seen] milliseconds in
                seen.waits.withLock { $0.append(milliseconds) }
                return seen.goesOn.load(ordering: .relaxed)
            },
            chance: { 0.5 })
    }

    func settings(
        _ environment: [String: String], profile: String? = nil
    ) throws -> AWSSettings {
        try AWSSettings.read(
            AWSEnvironment(["HOME": "/home/me"].merging(environment) { $1 }), profile: profile,
            outside: outside())
    }

    func client(_ environment: [String: String], profile: String? = nil) throws -> AWSClient {
        AWSClient(try settings(environment, profile: profile), outside: try outside())
    }

    func plan(_ environment: [String: String], profile: String? = nil) throws -> CredentialPlan {
        CredentialPlan(try settings(environment, profile: profile))
    }
}

extension TestSocket {
    func answer(_ status: Int = 200, text: String) { answer(status, "text/plain", text) }
}

/// What fails with a problem of AWS's, and which.
func problem(_ body: () throws -> Void) -> AWSProblem? {
    do {
        try body()
        return nil
    } catch {
        return error as? AWSProblem
    }
}

/// The keys that tests sign with; the words in them are searched for where they must not be.
let key = "AKIDEXAMPLE123456789"
let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
let token = "FwoGZXIvYXdzEBYaDEXAMPLETOKEN//////////"
let keys = ["AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret]

/// A question that any service could be asked.
let question = AWSRequest(
    AWSService(name: "ecr", host: "api.ecr", word: "ECR"), "DescribeRepositories",
    .json(target: "AmazonEC2ContainerRegistry_V20150921", ["repositoryNames": ["a"]]))
