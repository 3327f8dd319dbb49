using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Sinks.Failures;

public class FailurePolicyTests
{
    [Theory]
    [InlineData(FailureAction.DeadLetter, RefusalStep.DeadLetter)]
    [InlineData(FailureAction.Discard, RefusalStep.Discard)]
    [InlineData(FailureAction.KeepRaw, RefusalStep.KeepRaw)]
    [InlineData(FailureAction.Stop, RefusalStep.Stop)]
    internal void Next_WithoutRetries_IsTheOperatorsChoice(FailureAction action, RefusalStep step) =>
        Assert.Equal(step, FailurePolicy.Next(new DeliverySpec { OnFailure = action }, new Refusal("", RefusalReason.InvalidRecord, 1, CanPass: true, HasTarget: true)));

    [Theory]
    [InlineData(1, RefusalStep.Retry)]
    [InlineData(2, RefusalStep.Retry)]
    [InlineData(3, RefusalStep.Discard)]
    internal void Next_TwoRetries_AreMadeFirst(int attempts, RefusalStep step) => Assert.Equal(
        step, FailurePolicy.Next(new DeliverySpec { OnFailure = FailureAction.Discard, RetryAttempts = 2 }, new Refusal("", RefusalReason.InvalidRecord, attempts, CanPass: true, HasTarget: true)));

    [Fact]
    public void Next_WhatCanNeverPass_IsNotTriedAgain() => Assert.Equal(
        RefusalStep.Discard,
        FailurePolicy.Next(new DeliverySpec { OnFailure = FailureAction.Discard, RetryAttempts = 2 }, new Refusal("", RefusalReason.InvalidRecord, 0, CanPass: false, HasTarget: true)));

    [Fact]
    public void Next_KeepRawWithoutATopicToKeepItIn_Discards() => Assert.Equal(
        RefusalStep.Discard,
        FailurePolicy.Next(new DeliverySpec { OnFailure = FailureAction.KeepRaw }, new Refusal("", RefusalReason.InvalidRecord, 0, CanPass: false, HasTarget: false)));
}
