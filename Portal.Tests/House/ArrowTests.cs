using System.Xml.Linq;

namespace Portal.Tests.House;

/// <summary>Server -> Client, Engine, Sandbox; these three know nothing of ours.</summary>
public class ArrowTests
{
    [Theory]
    [InlineData("Portal.Server", "Portal.Client", "Portal.Engine", "Portal.Sandbox")]
    [InlineData("Portal.Client")]
    [InlineData("Portal.Engine")]
    [InlineData("Portal.Sandbox")]
    public void Assembly_References_OnlyWhatTheHouseAllows(string name, params string[] allowed)
    {
        var references = System.Reflection.Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("Portal.", StringComparison.Ordinal));

        Assert.Subset(allowed.ToHashSet(), references.ToHashSet());
    }

    [Theory]
    [InlineData("Portal.Client", "MQTTnet", "Confluent.Kafka", "librdkafka.redist", "Microsoft.EntityFrameworkCore.Sqlite")]
    [InlineData("Portal.Engine", "Microsoft.EntityFrameworkCore.Sqlite", "MudBlazor", "MQTTnet.Server")]
    public void Project_Packages_LeaveOutWhatIsNotItsBusiness(string project, params string[] forbidden)
    {
        var file = Path.Combine(Repository.Root, project, $"{project}.csproj");
        var packages = XDocument.Load(file).Descendants("PackageReference").Select(element => (string)element.Attribute("Include")!);

        Assert.Empty(packages.Intersect(forbidden));
        Assert.DoesNotContain(XDocument.Load(file).Descendants("FrameworkReference"), _ => project == "Portal.Engine");
    }
}
