import AWS
package import Attempts
import ECR
package import Images

extension Purse {
    /// Who somebody is to the registry of a repository: by the credential of this name, or, for
    /// AWS's, by what that gives. Nothing if nobody in particular.
    package func login(
        _ credential: String?, for repository: Repository, by registry: RegistrySpec,
        whileTrue goesOn: @escaping @Sendable () -> Bool
    ) throws -> Login? {
        if let credential { return logins[credential] }
        guard case .registry(let host) = ECRHost("\(repository.host)") else { return nil }
        let ecr = try ECR.opened(
            host, variables: variables, profile: registry.aws?.profile,
            endpoint: registry.aws?.endpoint, goesOn: goesOn)
        let login = try ecr.login()
        return Login(user: login.user, password: login.password.reveal())
    }
}
