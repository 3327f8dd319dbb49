using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Server.Connections.Probing;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.Connections.Probing;

public class ProbeReportsTests
{
    [Theory]
    [InlineData(ProbeState.Waiting, ValidationState.Waiting)]
    [InlineData(ProbeState.Running, ValidationState.Running)]
    [InlineData(ProbeState.Passed, ValidationState.Passed)]
    [InlineData(ProbeState.Warning, ValidationState.Warning)]
    [InlineData(ProbeState.Failed, ValidationState.Failed)]
    [InlineData(ProbeState.Skipped, ValidationState.Skipped)]
    public void Translate_OfEachState_KeepsItsMeaning(ProbeState found, ValidationState shown) =>
        Assert.Equal(
            shown, ProbeReports.Translate(new ProbeReport([FakeEndpointProbe.Step("port", found)], Finished: true)).Steps[0].State);

    [Fact]
    public void Translate_WhatAKafkaClusterSaid_IsCarriedOver()
    {
        var until = DateTimeOffset.UnixEpoch.AddYears(60);
        var facts = new KafkaFacts([new KafkaBrokerFacts(3, "b-3", 9094) { IsReached = true, CertificateExpiresAt = until }]) { ClusterId = "c" };

        var shown = ProbeReports.Translate(FakeEndpointProbe.Passing with { Kafka = facts }).Kafka!;

        Assert.Equal(("c", new KafkaBroker(3, "b-3:9094") { IsReached = true, CertificateExpiresAt = until }), (shown.ClusterId, Assert.Single(shown.Brokers)));
        Assert.Null(ProbeReports.Translate(FakeEndpointProbe.Passing).Kafka);
    }

    [Fact]
    public void Translate_CarriesEverythingOver()
    {
        var step = FakeEndpointProbe.Step("tls", ProbeState.Failed) with { Title = "TLS", Code = "expired", Result = "Expired.", Advice = "Renew it." };

        var report = ProbeReports.Translate(
            new ProbeReport([step, FakeEndpointProbe.Step("sign-in", ProbeState.Waiting)], Finished: false));

        Assert.Equal((50, false, false), (report.Percent, report.Finished, report.Passed));
        Assert.Equal(
            new ValidationStep { Name = "tls", Title = "TLS", State = ValidationState.Failed, Took = step.Took, Code = "expired", Result = "Expired.", Advice = "Renew it." },
            report.Steps[0]);
        Assert.Equal("Expired. Renew it.", ProbeReports.Cause(report));
    }
}
