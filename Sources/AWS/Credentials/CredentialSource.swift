/// From where credentials are had. It says all that is needed to ask for them.
package indirect enum CredentialSource: Hashable, Sendable {
    case fixed(Credentials)
    /// A role that others let themselves take on.
    case role(AssumedRole, by: CredentialSource)
    case webIdentity(WebIdentity)
    case container(ContainerPlace)
    case instance(InstancePlace)
}

package struct AssumedRole: Hashable, Sendable {
    package let role: String
    package let session: String?
    package let externalID: HiddenText?
    package let seconds: Int?
}

/// A token in a file, which somebody renews, for a role.
package struct WebIdentity: Hashable, Sendable {
    package let role: String
    package let session: String?
    package let file: String
}

/// What ECS and EKS have beside a container.
package struct ContainerPlace: Hashable, Sendable {
    package enum Proof: Hashable, Sendable {
        case none
        case token(HiddenText)
        /// Read each time, because somebody renews it.
        case file(String)
    }

    package let url: String
    package let proof: Proof
}

/// What EC2 has beside a machine.
package struct InstancePlace: Hashable, Sendable {
    package let url: String
    package let seconds: Int
    package let tries: Int
}
