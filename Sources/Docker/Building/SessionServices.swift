package import Grpc

/// What BuildKit may ask of whoever has it build. It is answered while the build runs, over a
/// connection that ends with it, so that the values are nowhere else: not in what is asked of the
/// Engine, nor in the image.
package struct SessionServices: Sendable, CustomStringConvertible {
    /// More than this BuildKit does not take.
    package static let longestSecret = 500 << 10

    /// Who somebody is to a registry.
    package struct Login: Sendable {
        let user: String
        let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    private let secrets: [String: [UInt8]]
    private let logins: [String: Login]

    /// Secrets by the ids that a Dockerfile has, logins by the registries of base images.
    package init(
        secrets: [String: [UInt8]] = [:], logins: [String: Login] = [:]
    ) throws(BuildProblem) {
        for (id, value) in secrets where value.count > Self.longestSecret {
            throw .unfit(
                "the build secret '\(BuildText.visible(id))' has \(value.count) bytes",
                hint: "a build takes secrets of \(Self.longestSecret) bytes at the most")
        }
        self.secrets = secrets
        self.logins = logins
    }

    package var description: String { "(what a build may ask)" }

    /// What is said to be answered; BuildKit asks for nothing else but tries.
    static let methods = [health, secret, credentials, ContextTalk.method]

    private static let health = "/grpc.health.v1.Health/Check"
    private static let secret = "/moby.buildkit.secrets.v1.Secrets/GetSecret"
    private static let credentials = "/moby.filesync.v1.Auth/Credentials"

    package func answer(_ path: String, _ message: [UInt8]) -> GrpcAnswer {
        let wanted = ProtobufFields.all(of: message[...], atMost: 100)
        guard let fields = wanted else {
            return .refused(.invalidArgument, "the question cannot be read")
        }
        // All that is asked with is the first field of what asks.
        let name = fields.last { $0.number == 1 }?.text ?? ""
        switch path {
        case Self.health:
            // SERVING
            return .message(Protobuf.field(1, 1))
        case Self.secret:
            guard let value = secrets[name] else {
                return .refused(.notFound, "no build secret is called '\(BuildText.visible(name))'")
            }
            return .message(Protobuf.field(1, value))
        case Self.credentials:
            // Nothing means that it is to be asked as anybody.
            guard let login = logins[Self.registry(name)] ?? logins[name] else {
                return .message([])
            }
            return .message(
                Protobuf.field(1, login.user.utf8) + Protobuf.field(2, login.password.utf8))
        default:
            return .refused(.unimplemented, "'\(BuildText.visible(path))' is not answered here")
        }
    }

    /// Docker Hub has one name for people and another for who asks it.
    private static func registry(_ host: String) -> String {
        host == "registry-1.docker.io" ? "docker.io" : host
    }
}

extension SessionServices: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
