/// A service of Amazon ECS: AWS runs it and carries its deployments out, and is told which version
/// is to be there.
package struct ECSRule: Hashable, Sendable, Codable {
    package let region: String
    package let cluster: String
    package let service: String
    /// Whose image is exchanged; nothing where the task has only one that it could be.
    package let container: String?
    /// Where the definition of its task is among the templates; without it, the one that the
    /// service has is taken with another image.
    package let task: String?
    /// Its task, where no template has it.
    package let made: MadeTask?
    /// The service, where it is made if it is missing.
    package let create: NewECSService?
    package let scaling: ECSScaling?
    /// Alarms of CloudWatch that turn a deployment back, by their names.
    package let alarms: [String]
    /// Where CodeDeploy carries deployments out, and not ECS itself.
    package let codeDeploy: CodeDeployRule?
    /// What a deployment may take, besides what its strategy waits for.
    @Written package var within: Duration

    package static let standardPatience: Duration = .seconds(1_800)

    package init(
        region: String, cluster: String, service: String, container: String? = nil,
        task: String? = nil, made: MadeTask? = nil, create: NewECSService? = nil,
        scaling: ECSScaling? = nil, alarms: [String] = [], codeDeploy: CodeDeployRule? = nil,
        within: Duration = standardPatience
    ) {
        self.region = region
        self.cluster = cluster
        self.service = service
        self.container = container
        self.task = task
        self.made = made
        self.create = create
        self.scaling = scaling
        self.alarms = alarms
        self.codeDeploy = codeDeploy
        _within = Written(wrappedValue: within)
    }
}

/// A deployment group of CodeDeploy.
package struct CodeDeployRule: Hashable, Sendable, Codable {
    package let application: String
    package let group: String
    /// Where the AppSpec is among the templates; one is made if it is nowhere.
    package let appspec: String?

    package init(application: String, group: String, appspec: String?) {
        self.application = application
        self.group = group
        self.appspec = appspec
    }
}

extension ECSRule {
    static let shape = Shape<ECSRule>.mapping(about: "a service of Amazon ECS") { keys in
        let region = keys.required("region", .region, about: "where it is, such as 'eu-west-1'")
        let cluster = keys.required("cluster", .nameInECS, about: "the cluster's name")
        let service = keys.required("service", .nameInECS, about: "the service's name")
        let container = keys.optional(
            "container", .nameInECS,
            about: "whose image is exchanged, where the task has several containers")
        let task = keys.optional(
            "task", TaskOrigin.shape,
            about: "the task definition among the templates, with <IMAGE> for the image, or what "
                + "it is to be; that of the service if left out")
        let create = keys.optional(
            "create", NewECSService.shape, about: "how the service is made where it is missing")
        let scaling = keys.optional(
            "scaling", ECSScaling.shape, about: "how many tasks there are, by what they have to do")
        let alarms = keys.optional(
            "alarms", .oneOrMany(.alarmName), about: "alarms of CloudWatch that turn it back")
        let codeDeploy = keys.optional(
            "code-deploy", CodeDeployRule.shape, about: "where CodeDeploy carries deployments out")
        let within = keys.optional(
            "within", .duration,
            about: "what a deployment may take besides what its strategy waits for; 30m")
        if create != nil, !keys.has("task") {
            keys.findings.error(
                at: keys.keyPlace(of: "create"), "a service that is made has no task to take over",
                hint: "say with 'task' what it runs")
        }
        if create != nil, codeDeploy != nil {
            keys.findings.error(
                at: keys.keyPlace(of: "create"),
                "a service that CodeDeploy carries out deployments of is not made here",
                hint: "make it beside, or remove 'code-deploy'")
        }
        guard let region, let cluster, let service else { return nil }
        return ECSRule(
            region: region, cluster: cluster, service: service, container: container,
            task: task?.path, made: task?.made, create: create, scaling: scaling,
            alarms: alarms ?? [], codeDeploy: codeDeploy, within: within ?? standardPatience)
    }
}

extension CodeDeployRule {
    fileprivate static let shape = Shape<Self>.mapping(about: "a deployment group") { keys in
        let application = keys.required("application", .string, about: "the application's name")
        let group = keys.required("group", .string, about: "the deployment group's name")
        let appspec = keys.optional(
            "appspec", .path,
            about: "the AppSpec among the templates, with <TASK_DEFINITION>; one is made without it"
        )
        guard let application, let group else { return nil }
        return Self(application: application, group: group, appspec: appspec)
    }
}

extension Shape where Value == String {
    fileprivate static var region: Shape {
        .text(
            "a region such as 'eu-west-1'",
            schema: .pattern("^[a-z]+(-[a-z]+)+-[0-9]+$", example: "eu-west-1")
        ) { text throws(Mistake) in
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            let isName = parts.dropLast().allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { 97...122 ~= $0 }
            }
            guard parts.count >= 3, isName, parts.last.flatMap({ Int($0) }) != nil else {
                throw Mistake("'\(text)' is no region", hint: "write one such as 'eu-west-1'")
            }
            return text
        }
    }

    static var nameInECS: Shape {
        .text(
            "a name such as 'shop'", schema: .pattern("^[A-Za-z0-9_-]{1,255}$", example: "shop")
        ) { text throws(Mistake) in
            let hint = "use 1 to 255 letters, digits, '-' and '_'; the name, and not the ARN"
            let isName = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isName, 1...255 ~= text.utf8.count else {
                throw Mistake("'\(text)' is no name in ECS", hint: hint)
            }
            return text
        }
    }

    fileprivate static var alarmName: Shape {
        .text("the name of an alarm") { text throws(Mistake) in
            guard 1...255 ~= text.utf8.count, !text.hasPrefix("arn:") else {
                throw Mistake(
                    "'\(text)' is no name of an alarm", hint: "write the name, and not the ARN")
            }
            return text
        }
    }
}
