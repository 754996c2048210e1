import Attempts
package import Deployment
package import Instances
import Pipelines

/// How instances of one kind of version are made on this machine.
package protocol Recipe {
    /// Whether versions such as this one are of that kind.
    func makes(_ release: Release) -> Bool
    /// What is to run. Of what it reads nothing may take long.
    func spec(
        _ name: InstanceName, _ work: Workload, of release: Release
    ) throws -> InstanceSpec
}

/// Why an instance is not begun, for people.
struct Unlaunchable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Workload {
    /// As they are handed over; `secret` is the vault.
    func handed(_ secret: (SecretName) -> [UInt8]?) throws -> [HandedSecret] {
        try secrets.map { asked in
            guard let value = secret(asked.name) else {
                throw Unlaunchable(
                    "secret '\(asked.name)' is not in the vault; put it there with "
                        + "`slipway secrets set`")
            }
            return HandedSecret(name: "\(asked.name)", value: value, variable: asked.variable)
        }
    }
}
