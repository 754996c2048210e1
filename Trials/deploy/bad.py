"""Versions that are bad, each in its way: what is said of them, and how long it takes until nobody meets them."""
import time
import shop as bench

FAULTS = ["never", "unwell", "redirects", "wrong-port", "dies", "leaks", "twentieth", "slow"]
LIMITS = """        limits: { memory: 64MiB }
        alarms: { errors: 2%, latency: 500ms, requests: 5 }
"""


def follow(shop, place):
    """When each thing happened of one deployment, and where on the record it ended."""
    times = {}
    for name, data in shop.events(place):
        if data.get("environment") != "production":
            continue
        now = time.time()
        if name == "instance.ordered":
            times.setdefault("begun", now)
        if name == "traffic.moved":
            times["moved"] = now
        if name == "deployment.turned-back":
            times["noticed"] = now
        if name == "deployment.ended":
            return {**times, "ended": now}, data["sequence"]


def show(shop, clients):
    shop.WITHIN = "5s"
    shop.define("{ canary: { steps: [{ percent: 50, time: 30s }] } }", LIMITS)
    print("\n### Bad versions, as a canary with half of the requests\n")
    print("| what is wrong | noticed after | then safe after | requests | failed | what is said |")
    print("|---|---:|---:|---:|---:|---|")
    place = 0
    for name, data in shop.events(0):  # what led to the first version is not of interest
        place = data["sequence"]
        if name == "deployment.ended":
            break
    for fault in FAULTS:
        load, past = bench.Load(shop.door, clients), shop.newest()
        shop.deploy(fault)
        times, place = follow(shop, place)
        told = load.end()
        reason = shop.settled(past, "turned back")["reason"].splitlines()[0]
        safe = max(0, times.get("moved", 0) - times["noticed"])
        print(f"| {fault} | {times['noticed'] - times['begun']:.1f} s | {safe:.2f} s | {told['sum'][0]:,} "
              f"| {told['sum'][1]} | {reason} |", flush=True)
