import Testing

/// A report in the manner of one tool, and what it says.
struct Sample: Sendable, CustomTestStringConvertible {
    let tool: String
    let report: String
    let tests: [String]

    var testDescription: String { tool }

    static let all = [surefire, pytest, gotestsum, jest, swift, xctest, googletest, nextest]

    private static let surefire = Sample(
        tool: "Maven Surefire",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0"
                name="shop.CartTest" time="1,234.567" tests="5" errors="1" skipped="1" failures="1">
              <properties><property name="java.version" value="17"/></properties>
              <testcase name="adds" classname="shop.CartTest" time="0.012"/>
              <testcase name="pays" classname="shop.CartTest" time="1,003.5">
                <failure message="expected: &lt;3&gt; but was: &lt;2&gt;" type="AssertionError">
            <![CDATA[java.lang.AssertionError: expected: <3> but was: <2>
            	at shop.CartTest.pays(CartTest.java:12)]]></failure>
                <rerunFailure message="expected: 3" type="java.lang.AssertionError">
                  <stackTrace>at shop.CartTest</stackTrace><system-out>out</system-out>
                </rerunFailure>
                <system-out><![CDATA[<testcase name="no test"/>]]></system-out>
              </testcase>
              <testcase name="ships" classname="shop.CartTest" time="0.2">
                <flakyFailure message="too slow" type="Timeout"><stackTrace>at x</stackTrace>
                </flakyFailure>
                <flakyError message="no line" type="IO"><stackTrace>at y</stackTrace></flakyError>
              </testcase>
              <testcase name="waits" classname="shop.CartTest" time="0"><skipped/></testcase>
              <testcase name="breaks" classname="shop.CartTest">
                <error type="java.lang.NullPointerException">at shop.Cart.breaks</error>
              </testcase>
            </testsuite>
            """,
        tests: [
            "passed shop.CartTest adds 12000",
            "failed shop.CartTest pays 1003500000 again 1: expected: <3> but was: <2>",
            "passed shop.CartTest ships 200000 again 2: too slow",
            "skipped shop.CartTest waits 0",
            "error shop.CartTest breaks: at shop.Cart.breaks",
        ])

    private static let pytest = Sample(
        tool: "pytest",
        report: """
            <?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite \
            name="pytest" errors="1" failures="1" skipped="2" tests="5" time="0.030" \
            hostname="vm"><testcase classname="test_a" name="test_ok" time="0.000" /><testcase \
            classname="test_a" name="test_bad" time="0.001"><failure message="AssertionError: \
            differ #x00 &lt;&amp;&gt;&#10;assert [1, 2] == [1, 3]">def test_bad():
            &gt;       assert [1,2] == [1,3]</failure></testcase><testcase classname="test_a" \
            name="test_skip" time="0.000"><skipped type="pytest.skip" message="later">test_a.py:6: \
            later</skipped></testcase><testcase classname="test_a" name="test_x" \
            time="0.000"><skipped type="pytest.xfail" message="" /></testcase><testcase \
            classname="test_a.TestC" name="test_err" time="1.5e-05"><error message="failed on \
            setup with &quot;RuntimeError: boom&quot;">self = &lt;test_a.TestC \
            object&gt;</error></testcase></testsuite></testsuites>
            """,
        tests: [
            "passed test_a test_ok 0",
            "failed test_a test_bad 1000: "
                + "AssertionError: differ #x00 <&>\nassert [1, 2] == [1, 3]",
            "skipped test_a test_skip 0: later",
            "skipped test_a test_x 0: pytest.xfail",
            "error test_a.TestC test_err 15: failed on setup with \"RuntimeError: boom\"",
        ])

    private static let gotestsum = Sample(
        tool: "gotestsum",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="3" failures="1" errors="0" time="0.345">
            	<testsuite tests="3" failures="1" time="0.120000" name="example.com/shop">
            		<properties>
            			<property name="go.version" value="go1.22 linux/amd64"></property>
            		</properties>
            		<testcase classname="example.com/shop" name="TestAdd" time="0.00"></testcase>
            		<testcase classname="example.com/shop" name="TestAdd/two" time="0.010000">
            			<failure message="Failed" type="">=== RUN   TestAdd/two&#xA;    no</failure>
            		</testcase>
            		<testcase classname="example.com/shop" name="TestOld" time="0.000000">
            			<skipped message="    shop_test.go:14: too old"></skipped>
            		</testcase>
            	</testsuite>
            </testsuites>
            """,
        tests: [
            "passed example.com/shop TestAdd 0",
            "failed example.com/shop TestAdd/two 10000: Failed",
            "skipped example.com/shop TestOld 0:     shop_test.go:14: too old",
        ])

    private static let jest = Sample(
        tool: "jest-junit",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="jest tests" tests="3" failures="1" errors="0" time="1.2">
              <testsuite name="cart" errors="0" failures="1" skipped="1" time="0.7" tests="3">
                <testcase classname="cart adds" name="cart adds" time="0.003">
                </testcase>
                <testcase classname="cart pays" name="cart pays" time="0.004">
                  <failure>Error: expect(received).toBe(expected)

            Expected: 3</failure>
                </testcase>
                <testcase classname="cart waits" name="cart waits" time="0"><skipped/></testcase>
              </testsuite>
            </testsuites>
            """,
        tests: [
            "passed cart adds 3000",
            "failed cart pays 4000: Error: expect(received).toBe(expected)",
            "skipped cart waits 0",
        ])

    private static let swift = Sample(
        tool: "swift test, Swift Testing",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="TestResults" errors="0" tests="2" failures="1" skipped="0">
                <testcase classname="ShopTests.CartTests" name="adds()" time="0.001" />
                <testcase classname="ShopTests.CartTests" name="pays()" time="0.002">
                  <failure message="Expectation failed: (2 → 2) == 3" />
                </testcase>
              </testsuite>
            </testsuites>
            """,
        tests: [
            "passed ShopTests.CartTests adds() 1000",
            "failed ShopTests.CartTests pays() 2000: Expectation failed: (2 → 2) == 3",
        ])

    private static let xctest = Sample(
        tool: "swift test, XCTest",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>

            <testsuites>
            <testsuite name="TestResults" errors="0" tests="2" failures="1" skipped="0" time="0.1">
            <testcase classname="ShopTests.CartTests" name="testAdds" time="0.0001">
            </testcase>
            <testcase classname="ShopTests.CartTests" name="testPays" time="0.1">
            <failure message="failed"></failure>
            </testcase>
            </testsuite>
            </testsuites>
            """,
        tests: [
            "passed ShopTests.CartTests testAdds 100",
            "failed ShopTests.CartTests testPays 100000: failed",
        ])

    private static let googletest = Sample(
        tool: "GoogleTest",
        report: """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="3" failures="1" disabled="1" errors="0" time="0." name="AllTests">
              <testsuite name="Cart" tests="3" failures="1" disabled="1" skipped="0" errors="0">
                <testcase name="Adds" file="cart.cc" line="5" status="run" result="completed"
                    time="0." timestamp="2026-01-01T00:00:00.000" classname="Cart" />
                <testcase name="Pays" file="cart.cc" line="9" status="run" result="completed"
                    time="0.001" classname="Cart">
                  <failure message="cart.cc:10&#x0A;Expected equality" type=""><![CDATA[cart.cc:10
            Expected equality]]></failure>
                  <failure message="cart.cc:11&#x0A;second" type=""><![CDATA[second]]></failure>
                </testcase>
                <testcase name="DISABLED_Ships" status="notrun" result="suppressed" time="0."
                    classname="Cart" />
              </testsuite>
            </testsuites>
            """,
        tests: [
            "passed Cart Adds 0",
            "failed Cart Pays 1000: cart.cc:10\nExpected equality",
            "skipped Cart DISABLED_Ships 0",
        ])

    private static let nextest = Sample(
        tool: "cargo nextest",
        report: """
            <testsuites name="nextest-run" tests="2" failures="1" errors="0">
              <testsuite name="shop" tests="2" disabled="0" errors="0" failures="1">
                <testcase name="tests::adds" classname="shop" time="0.005">
                  <flakyFailure time="0.1" type="test failure">
                    <system-out>thread panicked</system-out>
                  </flakyFailure>
                </testcase>
                <testcase name="tests::pays" classname="shop" time="0.006">
                  <failure type="test failure with exit code 101">panicked at 'no'</failure>
                  <rerunFailure type="test failure with exit code 101"/>
                </testcase>
              </testsuite>
            </testsuites>
            """,
        tests: [
            "passed shop tests::adds 5000 again 1: test failure",
            "failed shop tests::pays 6000 again 1: panicked at 'no'",
        ])
}
