using System.Reflection;
using Microsoft.Extensions.Logging;
using Portal.Server;

namespace Portal.Tests.Server;

public class ServerEventsTests
{
    [Fact]
    public void Ids_AreUniqueAndEachLogMessageHasOne()
    {
        var ids = typeof(ServerEvents)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (int)field.GetRawConstantValue()!)
            .ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());

        var used = typeof(ServerEvents).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId)
            .ToList();
        Assert.Subset(ids.ToHashSet(), used.ToHashSet());
        Assert.Equal(used.Count, used.Distinct().Count());
    }
}
