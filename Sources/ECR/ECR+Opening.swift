import AWS

extension ECR {
    /// Found by the variables that AWS's chain of credentials looks at, and what a profile of the
    /// house says besides.
    package static func opened(
        _ registry: ECRRegistry, variables: [String: String], profile: String?, endpoint: String?,
        goesOn: @escaping () -> Bool
    ) throws -> ECR {
        var variables = variables
        if let endpoint { variables["AWS_ENDPOINT_URL_ECR"] = endpoint }
        let outside = try Outside.world(goesOn: goesOn)
        let settings = try AWSSettings.read(
            AWSEnvironment(variables), profile: profile, outside: outside)
        return ECR(registry, by: AWSClient(settings, outside: outside))
    }
}
