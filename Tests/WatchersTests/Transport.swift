import Git
import Glibc
import Support

/// A way to reach a repository of the test's, with a real server behind it.
final class Transport: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case folder, file, git, https, ssh
    }

    let address: RemoteAddress
    let access: Access
    /// The folder with the server's files.
    let folder: Folder
    private let repository: TestRepository?
    private let server: InetdServer?
    private let children: [pid_t]

    private init(
        _ address: String, _ access: Access, _ folder: Folder, of repository: TestRepository?,
        _ server: InetdServer? = nil, children: [pid_t] = []
    ) throws {
        self.address = try RemoteAddress(parsing: address)
        self.access = access
        self.folder = folder
        self.repository = repository
        self.server = server
        self.children = children
    }

    deinit {
        server?.stop()
        for child in children {
            // fcgiwrap hears nothing else, and nginx has to end its worker first.
            kill(child, child == children.last ? SIGKILL : SIGTERM)
            var status: Int32 = 0
            unsafe waitpid(child, &status, 0)
        }
    }

    var connections: Int { server?.connections ?? 0 }

    static func open(_ kind: Kind, to repository: TestRepository) throws -> Transport {
        switch kind {
        case .folder: return try Transport(repository.path, Access(), try Folder(), of: repository)
        case .file:
            return try Transport(
                "file://\(repository.path)", Access(), try Folder(), of: repository)
        case .git: return try git(repository)
        case .https: return try https(repository)
        case .ssh: return try ssh(repository)
        }
    }

    static func git(_ repository: TestRepository, through filter: String? = nil) throws -> Transport
    {
        let server = try InetdServer()
        let daemon =
            "git daemon --inetd --export-all --base-path='\(repository.folder.path)'"
        try server.serve([
            "/usr/bin/env", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory",
            "GIT_CONFIG_VALUE_0=*", "/bin/sh", "-c",
            "\(daemon) 2>/dev/null" + (filter.map { " | \($0)" } ?? ""),
        ])
        return try Transport(
            "git://127.0.0.1:\(server.port)/repository", Access(), try Folder(), of: repository,
            server)
    }

    /// One that accepts, and says nothing.
    static func silent() throws -> Transport {
        let server = try InetdServer()
        try server.serve(nil)
        return try Transport(
            "git://127.0.0.1:\(server.port)/shop.git", Access(), try Folder(), of: nil, server)
    }

    static let user = "ada"
    static let password = "open-sesame-4711"

    /// nginx before git-http-backend, with TLS and basic authentication. `more` is written into the
    /// server's block.
    static func https(_ repository: TestRepository, more: String = "") throws -> Transport {
        let folder = try Folder()
        // A group that nobody of the outside is in need not read it, but nginx's own user has to.
        unsafe chmod(folder.path, 0o755)
        try certify(folder)
        let server = try InetdServer()
        try folder.write("\(user):{PLAIN}\(password)\n", to: "users")
        try folder.write(configuration(folder, server.port, repository, more), to: "nginx.conf")
        let wrap = try Child.start(
            ["/usr/sbin/fcgiwrap", "-s", "unix:\(folder.file("cgi.sock"))"], [0, 1, 2],
            environment: [
                "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
            ])
        // It takes the socket that listens already from its number, as at an upgrade of its own.
        let nginx = try Child.start(
            ["/usr/sbin/nginx", "-c", folder.file("nginx.conf"), "-e", folder.file("errors")],
            [0, 1, 2, server.listener], environment: ["NGINX=3;"])
        let access = Access(
            .password(user: user, secret: password), authorities: folder.file("authority.pem"))
        return try Transport(
            "https://localhost:\(server.port)/repository", access, folder, of: repository, server,
            children: [nginx, wrap])
    }

    private static func certify(_ folder: Folder) throws {
        let result = try Program.run([
            "/bin/sh", "-euc",
            """
            cd '\(folder.path)'
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
              -subj /CN=authority -keyout authority.key -out authority.pem 2>/dev/null
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
              -keyout own.key -out own.csr 2>/dev/null
            printf 'subjectAltName=DNS:localhost' > extensions
            openssl x509 -req -in own.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
              -days 2 -extfile extensions -out own.pem 2>/dev/null
            """,
        ])
        guard result.code == 0 else { throw Failed(errors: result.errors) }
    }

    private static func configuration(
        _ folder: Folder, _ port: Int, _ repository: TestRepository, _ more: String
    ) -> String {
        let root = repository.path.split(separator: "/").dropLast().joined(separator: "/")
        return """
            daemon off;
            worker_processes 1;
            \(getuid() == 0 ? "user root;" : "")
            pid \(folder.file("pid"));
            error_log \(folder.file("errors"));
            events {}
            http {
              access_log off;
              client_body_temp_path \(folder.file("bodies"));
              fastcgi_temp_path \(folder.file("fastcgi"));
              proxy_temp_path \(folder.file("proxy"));
              uwsgi_temp_path \(folder.file("uwsgi"));
              scgi_temp_path \(folder.file("scgi"));
              server {
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate \(folder.file("own.pem"));
                ssl_certificate_key \(folder.file("own.key"));
                \(more)
                location / {
                  auth_basic repositories;
                  auth_basic_user_file \(folder.file("users"));
                  fastcgi_pass unix:\(folder.file("cgi.sock"));
                  fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
                  fastcgi_param GIT_PROJECT_ROOT /\(root);
                  fastcgi_param GIT_HTTP_EXPORT_ALL 1;
                  fastcgi_param PATH_INFO $uri;
                  fastcgi_param REQUEST_METHOD $request_method;
                  fastcgi_param QUERY_STRING $query_string;
                  fastcgi_param CONTENT_TYPE $content_type;
                  fastcgi_param REMOTE_USER $remote_user;
                }
              }
            }

            """
    }

    /// OpenSSH's server, as inetd would start it, with keys of its own.
    static func ssh(_ repository: TestRepository) throws -> Transport {
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-euc",
            """
            cd '\(folder.path)'
            ssh-keygen -q -t ed25519 -N '' -f host
            ssh-keygen -q -t ed25519 -N '' -f client
            ssh-keygen -q -t ed25519 -N '' -f stranger
            cp client.pub authorized
            [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
            id -un
            """,
        ])
        guard made.code == 0 else { throw Failed(errors: made.errors) }
        let user = made.output.filter { !$0.isNewline }
        try folder.write(
            """
            HostKey \(folder.file("host"))
            AuthorizedKeysFile \(folder.file("authorized"))
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            PidFile none

            """, to: "sshd_config")
        let server = try InetdServer()
        try server.serve([
            "/usr/sbin/sshd", "-i", "-f", folder.file("sshd_config"), "-E", folder.file("log"),
        ])
        let host = try folder.text(of: "host.pub").split(separator: " ")
        let known = "[127.0.0.1]:\(server.port) \(host[0]) \(host[1])\n"
        let access = Access(
            .key(user: nil, text: try folder.text(of: "client"), passphrase: nil),
            knownHosts: known)
        return try Transport(
            "ssh://\(user)@127.0.0.1:\(server.port)\(repository.path)", access, folder,
            of: repository, server)
    }

    struct Failed: Error {
        let errors: String
    }
}
