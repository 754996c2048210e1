"""A double of ECS and CodeDeploy, and not AWS: it stands in for both because nothing that can be had
here carries deployments out (moto's never move). It speaks JSON 1.1, and each question and each
answer is checked against botocore's own models of the services; what does not fit is told at
GET /double and answered with 500.

Time passes when somebody looks: each look at a deployment is a tick of it. What a version does, the
name of its image says: '…/shop-good', '-breaks', '-alarming', '-hooked', '-stuck', '-mute'
(the answer to what begins its deployment is lost), '-throttled', '-unbackable'.
"""
import http.server, json, re, sys, threading
import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.Session()
SERVICES = {
    "AmazonEC2ContainerServiceV20141113": session.get_service_model("ecs"),
    "CodeDeploy_20141006": session.get_service_model("codedeploy"),
    "Logs_20140328": session.get_service_model("logs"),
    "AnyScaleFrontendService": session.get_service_model("application-autoscaling"),
}
PREFIX = "arn:aws:ecs:eu-west-1:123456789012:"
FIRST = "example.com/shop-good@sha256:" + "0" * 64


class Refused(Exception):
    def __init__(self, code, message):
        self.code, self.message = code, message


class Lost(Exception):
    pass


def enums(shape, value, path):
    """What botocore's validator leaves to the server."""
    if shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} is {value!r} and none of {shape.enum}"
    elif shape.type_name == "structure":
        for key, one in value.items():
            if key in shape.members:
                yield from enums(shape.members[key], one, f"{path}.{key}")
    elif shape.type_name == "list":
        for one in value:
            yield from enums(shape.member, one, path + "[]")


def misfits(shape, value):
    if shape is None:
        return [] if not value else ["there is no answer, and this is one"]
    report = ParamValidator().validate(value, shape)
    return ([report.generate_report()] if report.has_errors() else []) + list(enums(shape, value, ""))


class Double:
    def __init__(self, controller):
        self.isThere = controller != "NONE"
        self.controller = controller if self.isThere else "ECS"
        self.made, self.scaling = {}, {}
        self.clock = 1_700_000_000.0
        self.definitions, self.revisions, self.deployments = {}, {}, []
        self.tasks, self.code, self.calls, self.problems = [], [], [], []
        self.throttles = 0
        self.configuration = {"minimumHealthyPercent": 100, "maximumPercent": 200}
        self.desired = 2
        first = self.register({
            "family": "shop", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "containerDefinitions": [
                {"name": "web", "image": FIRST, "essential": True, "environment": [],
                 "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
                 "logConfiguration": {"logDriver": "awslogs", "options": {
                     "awslogs-group": "/shop", "awslogs-stream-prefix": "web",
                     "awslogs-region": "eu-west-1"}}},
                {"name": "sidecar", "image": "example.com/proxy:1", "essential": False}]})
        self.current = first
        self.revision = self.revise(first)

    def now(self):
        self.clock += 1.5
        return self.clock

    def register(self, wish):
        number = len(self.definitions) + 1
        arn = f"{PREFIX}task-definition/{wish['family']}:{number}"
        self.definitions[arn] = dict(
            {key: value for key, value in wish.items() if key != "tags"}, taskDefinitionArn=arn,
            revision=number, status="ACTIVE", registeredAt=self.now(),
            compatibilities=["EC2", "FARGATE"], volumes=[], placementConstraints=[])
        self.definitions[arn + "#tags"] = wish.get("tags", [])
        return arn

    def revise(self, definition):
        arn = f"{PREFIX}service-revision/c/s/{len(self.revisions) + 1}"
        self.revisions[arn] = definition
        return arn

    def manner(self, definition):
        image = self.definitions[definition]["containerDefinitions"]
        names = [re.search("shop-([a-z]+)", one["image"]) for one in image]
        return next((name.group(1) for name in names if name), "good")

    # ECS

    def DescribeClusters(self, wish):
        return {"clusters": []}

    def DescribeServices(self, wish):
        if wish["services"] != ["s"] or wish.get("cluster") != "c" or not self.isThere:
            return {"services": [], "failures": [{"arn": wish["services"][0], "reason": "MISSING"}]}
        balancer = [{"containerName": "web", "containerPort": 8080, "targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg/2"}]
        return {"services": [{
            "serviceName": "s", "serviceArn": PREFIX + "service/c/s", "status": "ACTIVE",
            "desiredCount": self.desired, "runningCount": self.desired, "pendingCount": 0,
            "taskDefinition": self.current, "deploymentController": {"type": self.controller},
            "deploymentConfiguration": self.configuration, "loadBalancers": balancer}]}

    def DescribeTaskDefinition(self, wish):
        return {"taskDefinition": self.definition(wish["taskDefinition"]), "tags": []}

    def definition(self, arn):
        if arn not in self.definitions:
            raise Refused("ClientException", f"Unable to describe task definition {arn}.")
        return self.definitions[arn]

    def RegisterTaskDefinition(self, wish):
        return {"taskDefinition": self.definitions[self.register(wish)]}

    def CreateService(self, wish):
        if self.isThere:
            raise Refused("InvalidParameterException", "Creation of service was not idempotent.")
        self.definition(wish["taskDefinition"])
        self.isThere, self.made, self.desired = True, wish, wish["desiredCount"]
        self.configuration = wish.get("deploymentConfiguration", self.configuration)
        self.current, self.revision = wish["taskDefinition"], self.revise(wish["taskDefinition"])
        self.deployments.append({
            "arn": f"{PREFIX}service-deployment/c/s/1", "createdAt": self.now(), "source": None,
            "target": self.revision, "tick": 0, "status": "PENDING", "wish": self.configuration})
        return {"service": {"serviceName": "s"}}

    def UpdateService(self, wish):
        if "taskDefinition" not in wish:
            self.desired = wish["desiredCount"]
            return {"service": {"serviceName": "s"}}
        if self.controller != "ECS":
            raise Refused("InvalidParameterException",
                          "Unable to update task definition on services with a CODE_DEPLOY "
                          "deployment controller. Use AWS CodeDeploy to trigger a new deployment.")
        self.configuration = wish.get("deploymentConfiguration", self.configuration)
        definition = wish["taskDefinition"]
        self.definition(definition)
        # What is there already is not deployed again.
        if definition != self.current:
            target = self.revise(definition)
            self.deployments.append({
                "arn": f"{PREFIX}service-deployment/c/s/{len(self.deployments) + 1}",
                "createdAt": self.now(), "source": self.revision, "target": target, "tick": 0,
                "status": "PENDING", "wish": self.configuration})
            self.current, self.revision = definition, target
        if self.manner(definition) == "mute":
            raise Lost()
        return self.DescribeServices({"services": ["s"], "cluster": "c"}) and {
            "service": {"serviceName": "s", "taskDefinition": self.current}}

    def ListServiceDeployments(self, wish):
        return {"serviceDeployments": [{
            "serviceDeploymentArn": one["arn"], "createdAt": one["createdAt"],
            "targetServiceRevisionArn": one["target"], "status": one["status"]}
            for one in reversed(self.deployments)][:wish.get("maxResults", 20)]}

    def DescribeServiceRevisions(self, wish):
        return {"serviceRevisions": [
            {"serviceRevisionArn": arn, "taskDefinition": self.revisions[arn]}
            for arn in wish["serviceRevisionArns"]]}

    def StopServiceDeployment(self, wish):
        one = self.found(wish["serviceDeploymentArn"])
        if one["status"] not in ("PENDING", "IN_PROGRESS"):
            raise Refused("ConflictException", "the deployment cannot be stopped any more")
        one.update(status="ROLLBACK_REQUESTED", back="Service deployment was stopped by a user.")
        return {"serviceDeploymentArn": one["arn"]}

    def found(self, arn):
        return next(one for one in self.deployments if one["arn"] == arn)

    def DescribeServiceDeployments(self, wish):
        return {"serviceDeployments": [
            self.told(self.found(arn)) for arn in wish["serviceDeploymentArns"]]}

    def told(self, one):
        self.tick(one)
        definition = self.revisions[one["target"]]
        tick, wish = one["tick"], one["wish"]
        told = {
            "serviceDeploymentArn": one["arn"], "createdAt": one["createdAt"],
            "status": one["status"], "deploymentConfiguration": wish,
            "sourceServiceRevisions": [{"arn": arn} for arn in [one["source"]] if arn],
            "targetServiceRevision": {
                "arn": one["target"], "requestedTaskCount": self.desired,
                "runningTaskCount": one.get("running", 0),
                "pendingTaskCount": self.desired - one.get("running", 0)},
            "deploymentCircuitBreaker": {
                "status": "TRIGGERED" if one.get("failures", 0) > 2 else "MONITORING",
                "failureCount": one.get("failures", 0), "threshold": 3}}
        if "weight" in one:
            told["targetServiceRevision"]["requestedProductionTrafficWeight"] = one["weight"]
        if "stage" in one:
            told["lifecycleStage"] = one["stage"]
        if "back" in one:
            told["rollback"] = {"reason": one["back"], "serviceRevisionArn": one["source"]}
        if "alarm" in one:
            told["alarms"] = {"status": "TRIGGERED", "triggeredAlarmNames": [one["alarm"]]}
        if "hook" in one:
            told["lifecycleHookDetails"] = [one["hook"]]
        return told

    def tick(self, one):
        one["tick"] += 1
        manner = self.manner(self.revisions[one["target"]])
        if one["status"] == "ROLLBACK_REQUESTED":
            one["status"] = "ROLLBACK_IN_PROGRESS"
        elif one["status"] == "ROLLBACK_IN_PROGRESS":
            one["status"] = "ROLLBACK_FAILED" if manner == "unbackable" else "ROLLBACK_SUCCESSFUL"
            # Whoever was put there meanwhile stays.
            if self.revision == one["target"]:
                self.revision, self.current = one["source"], self.revisions[one["source"]]
        elif one["status"] in ("PENDING", "IN_PROGRESS"):
            one["status"] = "IN_PROGRESS"
            self.go_on(one, manner)

    def go_on(self, one, manner):
        wish, step = one["wish"], one["tick"] - 1
        if manner in ("breaks", "unbackable"):
            one["failures"] = step
            if step:
                self.fail(one)
            if step == 3:
                one.update(status="ROLLBACK_IN_PROGRESS",
                           back="Service deployment rolled back because the circuit breaker threshold was exceeded.")
            return
        if manner == "stuck":
            one["running"] = 1
            return
        strategy = wish.get("strategy", "ROLLING")
        if strategy == "ROLLING":
            plan = [dict(running=0), dict(running=1), dict(running=2)]
        else:
            parts = {"BLUE_GREEN": [], "CANARY": [wish.get("canaryConfiguration", {}).get("canaryPercent")],
                     "LINEAR": list(range(wish.get("linearConfiguration", {}).get("stepPercent", 50), 100,
                                          wish.get("linearConfiguration", {}).get("stepPercent", 50)))}
            plan = [dict(stage="SCALE_UP", running=1, weight=0.0), dict(stage="SCALE_UP", running=2)]
            plan += [dict(stage="POST_TEST_TRAFFIC_SHIFT")]
            plan += [dict(stage="PRODUCTION_TRAFFIC_SHIFT", weight=float(part))
                     for part in parts[strategy] + [100]]
            plan += [dict(stage="BAKE_TIME"), dict(stage="CLEAN_UP")]
        if step < len(plan):
            one.update(plan[step])
        else:
            one["status"] = "SUCCESSFUL"
        if manner == "hooked" and one.get("stage") == "POST_TEST_TRAFFIC_SHIFT":
            one["hook"] = {"hookId": "h", "targetArn": "arn:aws:lambda:eu-west-1:123456789012:function:look",
                           "status": "FAILED"}
            one.update(status="ROLLBACK_IN_PROGRESS", back="Lifecycle hook look failed at POST_TEST_TRAFFIC_SHIFT.")
        if manner == "alarming" and step == 2:
            one.update(status="ROLLBACK_IN_PROGRESS", alarm="shop-5xx", back="Alarms triggered.")

    def fail(self, one):
        number = len(self.tasks) + 1
        self.tasks.append({
            "taskArn": f"{PREFIX}task/c/{number:032x}", "stoppedAt": self.now(), "lastStatus": "STOPPED",
            "taskDefinitionArn": self.revisions[one["target"]], "desiredStatus": "STOPPED",
            "stoppedReason": "Essential container in task exited", "containers": [
                {"name": "web", "exitCode": 3, "lastStatus": "STOPPED"},
                {"name": "sidecar", "exitCode": 0, "lastStatus": "STOPPED"}]})

    def ListTasks(self, wish):
        return {"taskArns": [task["taskArn"] for task in self.tasks]}

    def DescribeTasks(self, wish):
        return {"tasks": [task for task in self.tasks if task["taskArn"] in wish["tasks"]]}

    # CloudWatch

    def GetLogEvents(self, wish):
        if wish["logGroupName"] != "/shop" or not wish["logStreamName"].startswith("web/web/"):
            raise Refused("ResourceNotFoundException", "The specified log stream does not exist.")
        return {"events": [{"timestamp": 1, "message": "cannot open the database", "ingestionTime": 2}]}

    # Application Auto Scaling

    def RegisterScalableTarget(self, wish):
        return {}

    def PutScalingPolicy(self, wish):
        self.scaling[wish["PolicyName"]] = wish
        return {"PolicyARN": "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1"}

    def DescribeScalingPolicies(self, wish):
        return {"ScalingPolicies": [{
            "PolicyARN": "arn", "PolicyName": name, "ServiceNamespace": "ecs", "ResourceId": one["ResourceId"],
            "ScalableDimension": one["ScalableDimension"], "PolicyType": one["PolicyType"],
            "CreationTime": 1.5} for name, one in self.scaling.items()]}

    def DeleteScalingPolicy(self, wish):
        del self.scaling[wish["PolicyName"]]
        return {}

    # Elastic Load Balancing, in XML; that its questions are right, moto shows

    def balancing(self, body):
        action = body.split(b"Action=")[1].split(b"&")[0].decode()
        inner = {"DescribeTargetHealth": """<TargetHealthDescriptions><member><Target><Id>10.0.0.9</Id></Target>
            <TargetHealth><State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>
            <Description>Health checks failed with these codes: [503]</Description></TargetHealth></member>
            </TargetHealthDescriptions>""",
                 "DescribeTargetGroups": """<TargetGroups><member><LoadBalancerArns><member>arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lb/1</member>
            </LoadBalancerArns></member></TargetGroups>"""}[action]
        return f"<{action}Response><{action}Result>{inner}</{action}Result></{action}Response>"

    # CodeDeploy

    def CreateDeployment(self, wish):
        if any(one["status"] in ("Created", "InProgress") for one in self.code):
            raise Refused("DeploymentLimitExceededException", "the deployment group has one already")
        definition = re.search(r"arn:aws:ecs:[^\"\s]+", wish["revision"]["appSpecContent"]["content"])
        definition = definition.group(0)
        self.definition(definition)
        one = {"deploymentId": f"d-{len(self.code) + 1:09}", "status": "Created", "tick": 0,
               "createTime": self.now(), "definition": definition, "revision": wish["revision"],
               "description": wish.get("description", ""), "wish": wish,
               "previousRevision": {"revisionType": "AppSpecContent", "appSpecContent": {
                   "content": f"TaskDefinition: \"{self.current}\""}}}
        self.code.append(one)
        if self.manner(definition) == "mute":
            raise Lost()
        return {"deploymentId": one["deploymentId"]}

    def ListDeployments(self, wish):
        return {"deployments": [one["deploymentId"] for one in reversed(self.code)]}

    def by_id(self, name):
        return next(one for one in self.code if one["deploymentId"] == name)

    KEPT = {"deploymentId", "status", "createTime", "revision", "description", "previousRevision",
            "errorInformation", "rollbackInfo"}

    def BatchGetDeployments(self, wish):
        found = [self.by_id(name) for name in wish["deploymentIds"]]
        if found:
            self.tick_code(found[0])
        return {"deploymentsInfo": [
            {key: value for key, value in one.items() if key in self.KEPT} for one in found]}

    def GetDeployment(self, wish):
        one = self.by_id(wish["deploymentId"])
        self.tick_code(one)
        return {"deploymentInfo": {key: value for key, value in one.items() if key in self.KEPT}}

    def tick_code(self, one):
        if one["status"] not in ("Created", "InProgress"):
            return
        one["tick"] += 1
        one["status"] = "InProgress"
        manner = self.manner(one["definition"])
        if manner == "breaks" and one["tick"] == 3:
            self.fail({"target": self.revise(one["definition"])})
            one.update(status="Failed", errorInformation={
                "code": "HEALTH_CONSTRAINTS", "message": "The ECS service is not steady."})
        elif manner != "stuck" and one["tick"] == 5:
            one["status"] = "Succeeded"
            self.current = one["definition"]

    def StopDeployment(self, wish):
        one = self.by_id(wish["deploymentId"])
        back = {"deploymentId": f"d-{len(self.code) + 1:09}", "status": "Created", "tick": 0,
                "createTime": self.now(), "definition": self.current, "description": "rollback",
                "wish": {}}
        self.code.append(back)
        one.update(status="Stopped", rollbackInfo={"rollbackDeploymentId": back["deploymentId"]})
        return {"status": "Pending"}

    def ListDeploymentTargets(self, wish):
        return {"targetIds": ["c:s"]}

    def BatchGetDeploymentTargets(self, wish):
        one = self.by_id(wish["deploymentId"])
        running = min(2, one["tick"])
        return {"deploymentTargets": [{"deploymentTargetType": "ECSTarget", "ecsTarget": {
            "deploymentId": one["deploymentId"], "taskSetsInfo": [
                {"desiredCount": 2, "runningCount": running, "pendingCount": 2 - running,
                 "trafficWeight": 100.0 if one["tick"] > 3 else 0.0, "taskSetLabel": "Green"}]}}]}

    # What was asked

    def answer(self, target, body):
        prefix, _, operation = target.partition(".")
        model = SERVICES[prefix].operation_model(operation)
        wish = json.loads(body)
        self.calls.append([operation, wish])
        problems = misfits(model.input_shape, wish)
        if problems:
            self.problems += [f"asked for {operation}: {one}" for one in problems]
            raise Refused("ClientException", "; ".join(problems))
        if any(self.manner(arn) == "throttled" for arn in self.definitions if "#" not in arn):
            self.throttles += 1
            if self.throttles % 3:
                raise Refused("ThrottlingException", "Rate exceeded")
        told = getattr(self, operation)(wish)
        self.problems += [f"told of {operation}: {one}" for one in misfits(model.output_shape, told)]
        return told

    def seen(self):
        labels = {arn[:-5]: tags for arn, tags in self.definitions.items() if arn.endswith("#tags")}
        images = {arn: {one["name"]: one["image"] for one in definition["containerDefinitions"]}
                  for arn, definition in self.definitions.items() if "#" not in arn}
        begun = [self.revisions[one["target"]] for one in self.deployments] + [
            one["definition"] for one in self.code]
        return {"begun": begun, "made": json.dumps(self.made, sort_keys=True), "desired": self.desired,
                "scaling": json.dumps(self.scaling, sort_keys=True), "current": self.current, "problems": self.problems,
                "images": images, "calls": [name for name, _ in self.calls],
                "configuration": json.dumps(self.configuration, sort_keys=True),
                "codeDeploy": [json.dumps(one["wish"], sort_keys=True) for one in self.code],
                "labels": {arn: {tag["key"]: tag["value"] for tag in tags}
                           for arn, tags in labels.items()}}


def main():
    double, lock = Double(sys.argv[1]), threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *words):
            pass

        def send(self, status, value):
            body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            with lock:
                self.send(200, double.seen())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                try:
                    if "X-Amz-Target" not in self.headers:
                        return self.send(200, double.balancing(body))
                    self.send(200, double.answer(self.headers["X-Amz-Target"], body))
                except Refused as error:
                    self.send(400, {"__type": error.code, "message": error.message})
                except Lost:
                    self.close_connection = True
                except Exception as error:
                    double.problems.append(f"the double itself failed: {error!r}")
                    self.send(500, {"__type": "ServerException", "message": repr(error)})

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with open(sys.argv[2], "w") as pipe:
        pipe.write(str(server.server_port))
    server.serve_forever()


main()
