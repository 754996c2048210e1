import FoundationEssentials
import JSON

/// Who somebody is to a registry that the Engine asks for an image.
package struct PullLogin: Sendable {
    private let user: String
    private let password: String
    private let host: String

    package init(user: String, password: String, host: String) {
        self.user = user
        self.password = password
        self.host = host
    }

    /// As the Engine wants it: an object, in the alphabet that URLs have.
    var header: String {
        let told: JSON = [
            "username": .string(user), "password": .string(password),
            "serveraddress": .string(host),
        ]
        return Data(told.text.utf8).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_")
    }
}
