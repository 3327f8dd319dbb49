namespace Portal.Engine.Specs;

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Field">Which member, for example <c>Source.Group.Filters[0]</c>.</param>
/// <param name="Text">What is wrong and what would be right, in words.</param>
/// <param name="Syntax">The place in the member's text that is meant, where there is one.</param>
public sealed record SpecError(string Field, string Text, SyntaxError? Syntax = null);
