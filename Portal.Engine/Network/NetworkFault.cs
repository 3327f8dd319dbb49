namespace Portal.Engine.Network;

/// <summary>Why an address cannot be used, in words for people.</summary>
/// <param name="Code">Stable, for example <c>refused-port</c>.</param>
/// <param name="Text">What happened.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record NetworkFault(string Code, string Text, string Advice);
