package import Addresses
package import Git

/// What may be fetched from: what a definition names must not be a way to ask this machine's own
/// services, nor to read what lies on its disk, in the server's name.
package struct FetchPolicy: Hashable, Sendable {
    package let addresses: AddressPolicy
    package let folders: FolderPolicy

    package init(
        _ addresses: AddressPolicy = AddressPolicy(), folders: FolderPolicy = .anywhere
    ) {
        self.addresses = addresses
        self.folders = folders
    }

    /// Whether an address may be looked at, as far as that can be told before it is connected to.
    package func check(_ address: RemoteAddress) throws(GitError) {
        guard address.way == .folder, let refusal = folders.refusal(of: address.path) else {
            return
        }
        throw refusal
    }
}
