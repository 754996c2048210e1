/// Everything that can be asked of the server. What is not here is not there.
package enum Routes {
    package static let all: [Route] =
        HouseRoutes.all + PipelineRoutes.all + DefinitionRoutes.all + ExecutionRoutes.all
        + SteeringRoutes.all + EnvironmentRoutes.all + ApprovalRoutes.all + LogRoutes.all
        + EventRoutes.all + PeopleRoutes.all + SecretRoutes.all + HookRoutes.all + RecordRoutes.all
}
