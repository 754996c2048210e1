import Curl

extension CredentialPlan {
    /// Where containers of ECS and EKS are told theirs. A token goes there in the clear, so the
    /// others have to be asked by TLS.
    static let containerHosts = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]

    static func container(_ environment: AWSEnvironment) -> Finding {
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ]
        let url: String
        if let path = environment[variables[0]] {
            guard path.hasPrefix("/") else {
                return .wrong("\(variables[0]) is no path", hint: "let it begin with '/'")
            }
            url = "http://\(containerHosts[0])\(path)"
        } else if let whole = environment[variables[1]] {
            url = whole
        } else {
            return .nothing("\(variables[0]) is not set")
        }
        let isHTTPS = url.lowercased().hasPrefix("https://")
        let isKnown = url.hostOfURL.map(containerHosts.contains) == true || url.hostIsLoopback
        guard isHTTPS || url.lowercased().hasPrefix("http://") && isKnown else {
            return .wrong(
                "\(variables[1]) leads to \(Call.origin(of: url))",
                hint: "use 'https:', an address of this machine itself, or one of "
                    + containerHosts.joined(separator: ", "))
        }
        return proof(environment).map { .source(.container(ContainerPlace(url: url, proof: $0))) }
            ?? .wrong(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN has more than one line",
                hint: "set it to the token and nothing else")
    }

    private static func proof(_ environment: AWSEnvironment) -> ContainerPlace.Proof? {
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] { return .file(file) }
        guard let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] else {
            return ContainerPlace.Proof.none
        }
        return token.isOneLine ? .token(HiddenText(token)) : nil
    }

    static func instance(_ settings: AWSSettings) -> Finding {
        let environment = settings.environment
        guard !environment.isTrue("AWS_EC2_METADATA_DISABLED") else {
            return .nothing("AWS_EC2_METADATA_DISABLED is 'true'")
        }
        let mode = settings.value(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", key: "ec2_metadata_service_endpoint_mode")
        let usual =
            mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        let url = settings.value(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT", key: "ec2_metadata_service_endpoint")
        func number(_ variable: String, _ key: String, atMost most: Int) -> Int {
            settings.value(variable, key: key).flatMap { Int($0) }.map { min(max($0, 1), most) }
                ?? 1
        }
        let place = (url ?? usual).hasSuffix("/") ? String((url ?? usual).dropLast()) : url ?? usual
        return .source(
            .instance(
                InstancePlace(
                    url: place,
                    seconds: number(
                        "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", atMost: 60),
                    tries: number(
                        "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts",
                        atMost: 10))))
    }
}

extension String {
    /// It can stand in a header.
    var isOneLine: Bool { !utf8.contains { $0 < 32 || $0 == 127 } }
}
