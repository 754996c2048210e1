import CGit2

/// What is said beside the data while a remote is spoken with: credentials, certificates, and how
/// far it has come.
@safe final class RemoteTalk {
    /// A repository that sends more at once is not taken for one.
    private static let maximumBytes = 64 << 30
    private static let maximumTries = 3

    let operation: String
    let address: RemoteAddress
    let access: Access
    private let notice: () -> Void
    private var tries = 0
    /// What was wrong, in better words than libgit2 would have for it.
    var refusal: GitError?

    init(_ address: RemoteAddress, _ access: Access, _ notice: @escaping () -> Void) {
        operation = "look at '\(address)'"
        self.address = address
        self.access = access
        self.notice = notice
    }

    /// They point to this object, which has to outlive what they are given to.
    func callbacks() throws(GitError) -> git_remote_callbacks {
        var callbacks = unsafe git_remote_callbacks()
        try attempt(operation) {
            unsafe git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        }
        unsafe callbacks.payload = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe callbacks.credentials = askedForCredential
        unsafe callbacks.certificate_check = askedForTrust
        unsafe callbacks.transfer_progress = toldOfTransfer
        unsafe callbacks.sideband_progress = toldOfWork
        unsafe callbacks.pack_progress = toldOfPacking
        return unsafe callbacks
    }

    func useAuthorities() throws(GitError) {
        guard address.way == .https, let file = access.authorities else { return }
        try attempt("read the authorities in '\(file)'") {
            unsafe slipway_git_trust_authorities(file)
        }
    }

    func failure(_ code: Int32) -> GitError {
        if let refusal { return refusal }
        let (words, area) = GitError.lastWords
        let problem = "\(words) (libgit2 \(code))"
        if code == GIT_EAUTH.rawValue || words.contains("401") || words.contains("403") {
            return unauthorized(problem)
        }
        if code == GIT_ECERTIFICATE.rawValue || area == GIT_ERROR_SSL {
            return GitError(
                .untrusted, operation, problem: "its certificate is not trusted: \(problem)",
                hint: "name the authority that signed it, or have the host's certificate mended")
        }
        if words.contains("redirect") {
            return GitError(
                .address, operation,
                problem: "it sends elsewhere, and no other host is asked in its place",
                hint: "write the address that it sends to")
        }
        if address.way == .folder {
            // What is no repository is taken for an address that cannot be understood.
            let isNone = words.contains("unsupported URL protocol")
            if isNone || code == GIT_ENOTFOUND.rawValue || area == GIT_ERROR_REPOSITORY {
                return GitError(
                    .notARepository, operation, problem: isNone ? "there is none" : problem,
                    hint: "check the path, and that the user that runs Slipway can read it")
            }
            return GitError.last(code, operation)
        }
        return GitError(
            .unreachable, operation, problem: problem,
            hint: "check that the host can be reached and has this repository; it is asked again")
    }

    func took(_ bytes: Int) -> Int32 {
        notice()
        guard bytes > Self.maximumBytes else { return 0 }
        refusal = GitError(
            .overLimit, operation, problem: "it sends more than \(Self.maximumBytes) bytes",
            hint: "a repository like that is made to harm, or is too large for a mirror")
        return GIT_EUSER.rawValue
    }
}

// Credentials.
extension RemoteTalk {
    fileprivate func give(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, allowed: UInt32
    ) -> Int32 {
        tries += 1
        let user = address.user
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return unsafe git_credential_username_new(out, keyUser ?? user ?? "git")
        }
        guard tries <= Self.maximumTries else { return refuse("the credential is not accepted") }
        switch access.credential {
        case .nothing: return refuse("it wants to know who asks")
        case .password(let name, let secret):
            guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
                return refuse("it does not take a password")
            }
            guard address.way == .https || address.way == .ssh else {
                return refuse("a password is not sent where everybody on the way can read it")
            }
            guard tries == 1 || address.way == .ssh else {
                return refuse("the password is not accepted")
            }
            return unsafe git_credential_userpass_plaintext_new(out, name, secret)
        case .key(let name, let text, let passphrase):
            guard allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 else {
                return refuse("it does not take a key")
            }
            guard tries <= 2 else { return refuse("the key is not accepted") }
            return unsafe git_credential_ssh_key_memory_new(
                out, user ?? name ?? "git", nil, text, passphrase)
        }
    }

    private var keyUser: String? {
        if case .key(let name, _, _) = access.credential { name } else { nil }
    }

    private func refuse(_ problem: String) -> Int32 {
        refusal = unauthorized(problem)
        return GIT_EAUTH.rawValue
    }

    private func unauthorized(_ problem: String) -> GitError {
        let hint =
            switch address.way {
            case .http, .git: "use https:// or ssh://, and give the server a credential for it"
            case .ssh: "give the server an Ed25519 or ECDSA key that the host knows"
            case .https, .folder: "give the server a name and a token that may read it"
            }
        return GitError(.unauthorized, operation, problem: problem, hint: hint)
    }
}

// libgit2 hands back what it was given with the callbacks.
private func talk(_ payload: UnsafeMutableRawPointer?) -> RemoteTalk? {
    unsafe payload.map { unsafe Unmanaged<RemoteTalk>.fromOpaque($0).takeUnretainedValue() }
}

private func askedForCredential(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _ allowed: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe talk(payload)?.give(out, allowed: allowed) ?? GIT_EAUTH.rawValue
}

private func askedForTrust(
    _ certificate: UnsafeMutablePointer<git_cert>?, _ valid: Int32, _: UnsafePointer<CChar>?,
    _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe talk(payload)?.judge(certificate, isValid: valid != 0) ?? GIT_ECERTIFICATE.rawValue
}

private func toldOfTransfer(
    _ progress: UnsafePointer<git_indexer_progress>?, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe talk(payload)?.took(progress?.pointee.received_bytes ?? 0) ?? 0
}

private func toldOfWork(
    _: UnsafePointer<CChar>?, _: Int32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe talk(payload)?.took(0) ?? 0
}

private func toldOfPacking(
    _: Int32, _: UInt32, _: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe talk(payload)?.took(0) ?? 0
}
