/// What whoever starts a server has said.
package struct ServerOrder: Sendable {
    package let home: String
    /// `127.0.0.1:7480`; the port may be 0, for any that is free.
    package let listen: String
    package let settings: Settings
    /// Where the settings lie: paths in them begin there.
    package let folder: String
    /// The key that seals secrets, if it does not lie in the house's folder.
    package let keyFile: String?
    /// Where the server says what it does.
    package let journal: Journal

    package init(
        home: String, listen: String, settings: Settings, folder: String,
        keyFile: String? = nil, journal: Journal
    ) {
        self.home = home
        self.listen = listen
        self.settings = settings
        self.folder = folder
        self.keyFile = keyFile
        self.journal = journal
    }

    func path(_ written: String) -> String {
        written.hasPrefix("/") ? written : "\(folder)/\(written)"
    }
}
